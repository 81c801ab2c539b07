import { nodeCrypto } from "@custody/node/crypto";
import { parseUtf8 } from "custody/ground";
import { parseFollowedLogs } from "custody/witness";

import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { readFileBytes } from "./read-file.ts";
import { untilSignal } from "./until-signal.ts";

export interface WitnessOptions {
  readonly dir: string;
  readonly name: string;
  readonly logs: string;
  readonly listen: string;
}

const listLimitBytes = 8 * 1024 * 1024;

/** `custody witness`: cosigns the checkpoints of the logs in a list until SIGTERM or SIGINT. */
export async function witness({ output, options }: Call<WitnessOptions>): Promise<number> {
  const { startWitness } = await import("@custody/server/witness");
  const logs = parseFollowedLogs(nodeCrypto, parseUtf8(await readFileBytes(options.logs, listLimitBytes)));
  const { dir: directory, name, listen } = options;
  const server = await startWitness({ directory, name, listen, logs });
  const { url, vkeys } = server;
  output.result({ url, name, vkeys, logs: logs.map(({ origin }) => origin), pid: process.pid }, [
    `the witness ${name} is up at ${url}, follows ${logs.length} logs, and keeps its keys in ${directory}`,
    "for the policies of others:",
    ...vkeys.map((vkey, i) => `witness ${name}/${i + 1} ${vkey} ${url}`),
  ]);
  await untilSignal();
  output.progress("stopping");
  await server.stop();
  return exitCodes.yes;
}
