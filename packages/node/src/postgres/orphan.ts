import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { postgresFault } from "./faults.ts";
import type { Places } from "./places.ts";

const patienceMilliseconds = 30_000;
const pollMilliseconds = 50;

/**
 * Waits until no PostgreSQL of an earlier server works on the files, and asks it to end if it was not yet told.
 * The caller holds the directory's lock, so such a process has no server any more.
 *
 * A process id that a crash left behind, now another program's, is taken for what it is and removed.
 *
 * @throws CustodyError `postgres/start` when it has not ended after 30 s.
 */
export async function awaitOrphan(places: Places): Promise<void> {
  const pid = await findPostmaster(places);
  if (pid === undefined) return rm(join(places.data, "postmaster.pid"), { force: true });
  tell(pid, "SIGINT");
  for (let waited = 0; waited < patienceMilliseconds; waited += pollMilliseconds) {
    if ((await findPostmaster(places)) !== pid) return undefined;
    await sleep(pollMilliseconds);
  }
  throw postgresFault("postgres/start", `PostgreSQL of an earlier server still runs as process ${pid}`, {
    subject: places.data,
    next: `end it with: kill -INT ${pid}`,
  });
}

// PostgreSQL works in its data folder, whatever the path looks like from where it runs.
async function findPostmaster(places: Places): Promise<number | undefined> {
  const text = await readFile(join(places.data, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0)) return undefined;
  const [own, its] = await Promise.all([stat(places.data), stat(`/proc/${pid}/cwd`).catch(() => undefined)]);
  return its?.ino === own.ino && its.dev === own.dev ? pid : undefined;
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}
