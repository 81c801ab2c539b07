import type { MonitorState, MonitorStore } from "./ports.ts";

/** A {@link MonitorStore} that lasts as long as the process. */
export function memoryMonitorStore(): MonitorStore {
  let kept: MonitorState | undefined;
  return {
    find: async () => kept,
    async keep(state) {
      kept = state;
    },
  };
}
