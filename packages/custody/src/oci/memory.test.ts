import { webCrypto } from "custody/ground/web-crypto";

import { testBlobStore } from "./contract.ts";
import { memoryBlobStore } from "./index.ts";

testBlobStore("the memory blob store", async () => memoryBlobStore(webCrypto));
