import type { Workload } from "custody/control";

import { Client } from "../client.ts";
import { exitCodes, formatTable } from "../output.ts";
import type { Call } from "./call.ts";

/** `custody ps`. */
export async function ps({ output, options }: Call): Promise<number> {
  const client = await Client.open(options);
  const { workloads } = await client.get<{ workloads: Workload[] }>("/workloads");
  const header = ["WORKLOAD", "STATE", "PID", "ADDRESS", "STARTED", "IMAGE"];
  output.result(
    { workloads },
    workloads.length === 0 ? ["nothing runs"] : formatTable([header, ...workloads.map(rowOf)]),
  );
  return exitCodes.yes;
}

function rowOf({ name, image, desired, process: running, trouble }: Workload): string[] {
  const state = running
    ? `running${trouble === undefined ? "" : `, ${trouble}`}`
    : desired === "stopped"
      ? "stopped"
      : `down: ${trouble ?? "not started yet"}`;
  const since = running ? new Date(running.startedAt).toISOString() : "-";
  return [name, state, String(running?.pid ?? "-"), running?.address ?? "-", since, running?.image ?? image];
}
