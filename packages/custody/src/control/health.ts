import { CustodyError } from "custody/ground";
import type { Clock } from "custody/ground";
import type { RunningSandbox, WorkloadExit } from "custody/runtime";

import type { Probe } from "./ports.ts";

/** How a workload says that it is well. */
export interface HealthCheck {
  readonly path: string;
  readonly deadlineSeconds: number;
}

const probeTimeoutMilliseconds = 1000;
const firstPauseMilliseconds = 20;
const longestPauseMilliseconds = 500;

/**
 * Returns when the workload answers its health path with 2xx.
 *
 * @throws CustodyError `run/exited` when it ends first, `run/unhealthy` when the deadline passes.
 */
export async function awaitHealthy(
  { probe, clock }: { readonly probe: Probe; readonly clock: Clock },
  sandbox: RunningSandbox,
  health: HealthCheck,
): Promise<void> {
  const url = `http://${sandbox.address}${health.path}`;
  let exited: string | undefined;
  const onExit = ({ exitCode, output }: WorkloadExit): void => {
    exited = `exit code ${exitCode ?? "unknown"}; its last words: ${(output.tail || output.head).slice(-500)}`;
  };
  void sandbox.exited.then(onExit);
  const deadline = clock.now() + health.deadlineSeconds * 1000;
  for (
    let pause = firstPauseMilliseconds;
    clock.now() < deadline;
    pause = Math.min(pause * 2, longestPauseMilliseconds)
  ) {
    if (await probe.isHealthy(url, probeTimeoutMilliseconds)) return;
    if (exited !== undefined)
      throw new CustodyError("run/exited", `the process ended before it was well: ${exited}`);
    await probe.pause(pause);
  }
  throw new CustodyError(
    "run/unhealthy",
    `${health.path} did not answer 2xx within ${health.deadlineSeconds} s`,
    {
      next: "read the workload's output, or raise run.health.deadlineSeconds in custody.yaml",
    },
  );
}
