export { writeYaml } from "../builtins/yaml/write.ts";
export { checkRoots, readBundle } from "./bundle.ts";
export type { Bundle, BundleFiles, ReadBundleOptions } from "./bundle.ts";
export {
  isDataFile,
  mergeDocuments,
  parseDataFile,
  parseDocuments,
  parseInput,
  placedAt,
} from "./documents.ts";
export { noManifest, parseManifest } from "./manifest.ts";
export type { Manifest } from "./manifest.ts";
export { readPatch } from "./patch.ts";
export type { BundlePatch } from "./patch.ts";
export { signaturesFile, signBundle, verifyBundle } from "./signatures.ts";
export type { BundleKey, SigningOptions, VerifyingOptions } from "./signatures.ts";
export { bundleFiles } from "./write-bundle.ts";
export type { BundleContent } from "./write-bundle.ts";
