import type { HandOffContext, HandOffResult } from "../context.ts";
import { getState } from "../delivery.ts";
import type { Keeper } from "../keeper.ts";

/** Admitted digest → process: the row says what should run, the keeper makes it so. */
export async function handOverToRuntime(context: HandOffContext, keeper: Keeper): Promise<HandOffResult> {
  const { ports, delivery } = context;
  await ports.workloads.want(delivery.repository, getState(delivery, "image"));
  const running = await keeper.reconcile(delivery.repository);
  if (running) context.say(`pid ${running.pid} answers at http://${running.address}`);
  return { phase: "done", learnt: {}, attestations: [] };
}
