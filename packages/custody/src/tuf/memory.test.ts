import { testTufFiles } from "./contract.ts";
import { memoryTufFiles } from "./memory.ts";

testTufFiles("in memory", () => Promise.resolve(memoryTufFiles()));
