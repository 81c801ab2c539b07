import { testSequenceStore, testTileStore } from "./contract.ts";
import { memorySequenceStore, memoryTileStore } from "./index.ts";

testSequenceStore("the memory sequence store", async () => memorySequenceStore());
testTileStore("the memory tile store", async () => memoryTileStore());
