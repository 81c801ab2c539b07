import { testWitnessStore } from "./contract.ts";
import { memoryWitnessStore } from "./index.ts";

testWitnessStore("the witness store in memory", async () => memoryWitnessStore());
