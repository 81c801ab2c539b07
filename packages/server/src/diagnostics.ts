import { pino } from "pino";
import type { Logger } from "pino";

/** What goes wrong, one line of JSON each, on standard error; an error with its message, its code and where it was thrown. */
export function openDiagnostics(): Logger {
  return pino(
    { level: process.env["CUSTODY_LOG"] ?? "warn", errorKey: "error" },
    pino.destination({ dest: 2, sync: true }),
  );
}
