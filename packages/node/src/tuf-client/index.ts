export { openTufRemote } from "./tuf-remote.ts";
export { openTufTrustStore } from "./tuf-trust-store.ts";
