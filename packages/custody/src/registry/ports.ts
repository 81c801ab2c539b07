import type { Crypto } from "custody/ground";
import type { BlobStore } from "custody/oci";

import type { Authorize } from "./authorize.ts";
import type { MetadataStore } from "./metadata-store.ts";
import type { UploadStore } from "./upload-store.ts";

/** What the registry works with. */
export interface RegistryPorts {
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  readonly metadata: MetadataStore;
  readonly authorize: Authorize;
  readonly crypto: Pick<Crypto, "sha256">;
  /** The most bytes of one blob. */
  readonly maxBlobBytes: number;
}
