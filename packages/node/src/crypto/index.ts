export * from "./key-file.ts";
export * from "./node-crypto.ts";
export { generateSigner } from "./signer.ts";
export type { SignerScheme } from "./signer.ts";
