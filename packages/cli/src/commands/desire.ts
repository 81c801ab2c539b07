import type { Workload } from "custody/control";

import { Client } from "../client.ts";
import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";

/** `custody start` and `custody stop`. */
export async function desire(
  desired: Workload["desired"],
  call: Call<{ readonly image?: string }>,
): Promise<number> {
  const name = getArgument(call, 0);
  const client = await Client.open(call.options);
  const workload = await client.send<Workload>("PUT", `/workloads/${encodeURIComponent(name)}`, {
    desired,
    ...(call.options.image === undefined ? {} : { thing: call.options.image }),
  });
  const where = workload.process
    ? ` as pid ${workload.process.pid} at http://${workload.process.address}`
    : "";
  call.output.result(workload, [`${name} is ${desired}${where}`]);
  return exitCodes.yes;
}
