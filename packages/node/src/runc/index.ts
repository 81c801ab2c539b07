export type { Dial } from "./proxy-address.ts";
export type { RuncSandboxOptions } from "./runc-sandbox.ts";
export { RuncSandbox } from "./runc-sandbox.ts";
