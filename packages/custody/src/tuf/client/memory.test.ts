import { testTufRemote, testTufTrustStore } from "./contract.ts";
import { memoryTufRemote, memoryTufTrustStore } from "./memory.ts";

testTufTrustStore("in memory", () => Promise.resolve(memoryTufTrustStore()));
testTufRemote("in memory", (files) => Promise.resolve(memoryTufRemote(files)));
