export { parseCredentials } from "./authorize.ts";
export type { AccessAnswer, AccessRequest, Authorize, Credentials, RegistryAction } from "./authorize.ts";
export { handleRegistryRequest } from "./handle-request.ts";
export type { RegistryRequest, RegistryResponse } from "./http.ts";
export * from "./memory.ts";
export type { MetadataStore, NewManifest, PutManifestResult, StoredManifest } from "./metadata-store.ts";
export type { RegistryPorts } from "./ports.ts";
export type { Upload, UploadStore } from "./upload-store.ts";
