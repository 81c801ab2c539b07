import { parsePipeline } from "custody/factory";

import type { HandOffContext, HandOffResult } from "../context.ts";
import { getState } from "../delivery.ts";
import type { Keeper } from "../keeper.ts";

/**
 * Admitted digest → process: the keeper starts it, and the row says so once it is well. A pipeline without `run` ends
 * here, with an image.
 */
export async function handOverToRuntime(context: HandOffContext, keeper: Keeper): Promise<HandOffResult> {
  const { delivery } = context;
  if (parsePipeline(getState(delivery, "pipeline")).run) {
    const running = await keeper.switchTo(delivery.repository, getState(delivery, "image"));
    if (running) context.say(`pid ${running.pid} answers at http://${running.address}`);
  }
  return { phase: "done", learnt: {}, attestations: [] };
}
