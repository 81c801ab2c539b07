import { testMonitorStore } from "./contract.ts";
import { memoryMonitorStore } from "./index.ts";

testMonitorStore("the monitor's store in memory", async () => memoryMonitorStore());
