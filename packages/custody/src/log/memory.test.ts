import { testSequenceStore, testTileStore, testWitnessedStore } from "./contract.ts";
import { memorySequenceStore, memoryTileStore, memoryWitnessedStore } from "./index.ts";

testSequenceStore("the memory sequence store", async () => memorySequenceStore());
testTileStore("the memory tile store", async () => memoryTileStore());
testWitnessedStore("the witnessed checkpoint in memory", async () => memoryWitnessedStore());
