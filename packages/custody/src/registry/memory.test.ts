import { randomBytes } from "node:crypto";

import { testMetadataStore, testUploadStore } from "./contract.ts";
import { memoryMetadataStore, memoryUploadStore } from "./index.ts";

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };

testMetadataStore("the memory metadata store", async () => memoryMetadataStore());
testUploadStore("the memory upload store", async () => memoryUploadStore(random));
