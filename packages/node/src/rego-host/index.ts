export { nodeRegoCrypto } from "./crypto.ts";
