import { alarmShape } from "./alarm.ts";
import { KeptList } from "./kept-list.ts";
import { seenShape } from "./seen.ts";

/** The checkpoints that this browser has seen and verified. */
export const keptCheckpoints = new KeptList("custody-log-seen", seenShape);
/** What went wrong with logs, until somebody says that it was dealt with. */
export const keptAlarms = new KeptList("custody-log-alarms", alarmShape);
