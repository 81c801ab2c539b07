import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { memoryBlobStore } from "custody/oci";

import { testTrees } from "../../../custody/src/factory/contract.ts";
import { TreeCache } from "./tree-cache.ts";

let top: string;
before(async () => {
  top = await mkdtemp(join(tmpdir(), "custody-tree-cache-"));
});
after(() => rm(top, { recursive: true, force: true }));

testTrees("the tree cache", async () => {
  const blobs = memoryBlobStore(nodeCrypto);
  const directory = join(top, `${(await readdir(top)).length}`);
  const trees = await TreeCache.open(directory, (digest) => blobs.open(digest));
  return { trees, blobs, tamper: (place) => appendFile(join(place, "a/backdoor"), "x") };
});
