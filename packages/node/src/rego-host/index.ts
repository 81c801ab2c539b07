export { nodeRegoCrypto } from "./crypto.ts";
export { openRegoHost } from "./host.ts";
export type { RegoHostOptions } from "./host.ts";
