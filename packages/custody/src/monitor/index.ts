export * from "./alarm.ts";
export { monitorFault } from "./faults.ts";
export type { MonitorFaultCode } from "./faults.ts";
export * from "./memory.ts";
export type { LogReader, MonitorPorts, MonitorState, MonitorStore } from "./ports.ts";
export { parseExpectations, parseWatchList } from "./watch-list.ts";
export type { WatchList } from "./watch-list.ts";
export * from "./watch-log.ts";
