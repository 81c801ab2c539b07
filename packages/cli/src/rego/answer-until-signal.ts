import { untilSignal } from "../commands/until-signal.ts";
import { endings } from "./call.ts";
import type { Streams } from "./call.ts";
import { explained } from "./load-error.ts";

/** Starts a server, says where it is, and has it answer until SIGTERM or SIGINT; 2 when it cannot start. */
export async function answerUntilSignal(
  { err }: Streams,
  start: () => Promise<{ readonly url: string; stop(): Promise<void> }>,
): Promise<number> {
  try {
    const server = await start();
    err(`${server.url}\n`);
    await untilSignal();
    await server.stop();
    return endings.done;
  } catch (error) {
    err(explained(error).text);
    return endings.error;
  }
}
