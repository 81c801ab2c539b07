import { testContentKeeper } from "./contract.ts";
import { memoryContentKeeper } from "./memory.ts";

testContentKeeper("the keeper of contents in memory", async () => memoryContentKeeper());
