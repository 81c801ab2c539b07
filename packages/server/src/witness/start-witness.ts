import { join, resolve } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { lockDirectory, makeDirectory } from "@custody/node/files";
import { openWitnessFiles } from "@custody/node/witness-store";
import { instantOf } from "custody/ground";
import { Witness } from "custody/witness";
import type { FollowedLog } from "custody/witness";
import { fastify, LogController } from "fastify";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";

import { openDiagnostics } from "../diagnostics.ts";
import { listen, parseListen } from "../listen.ts";
import { problemOf } from "../problem.ts";
import { openWitnessDoor } from "./witness-door.ts";
import { openWitnessKeys } from "./witness-keys.ts";

export interface WitnessOptions {
  /** Everything that lasts is below it: keys and, for each log, the last cosigned checkpoint. */
  readonly directory: string;
  /** As it stands in signature lines: a URL without scheme, by which people know the witness. */
  readonly name: string;
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly logs: readonly FollowedLog[];
}

/** A witness that runs in this process. */
export interface WitnessServer {
  readonly url: string;
  /** Its verifier keys as texts. */
  readonly vkeys: readonly string[];
  stop(): Promise<void>;
}

/** A checkpoint comes in one piece and is answered at once: who takes longer holds up others. */
const requestTimeoutMilliseconds = 10_000;

/**
 * Starts a witness on a directory: its lock, its keys, its door.
 *
 * @throws CustodyError `files/locked` when another witness runs on the directory, `witness/name`, `crypto/…`,
 * `files/…`, `server/…`.
 */
export async function startWitness(options: WitnessOptions): Promise<WitnessServer> {
  const directory = resolve(options.directory);
  const address = parseListen(options.listen);
  await makeDirectory(directory, 0o700);
  const lock = await lockDirectory(directory);
  try {
    const { cosigners, vkeys } = await openWitnessKeys(directory, options.name);
    const witness = new Witness({
      crypto: nodeCrypto,
      clock: { now: () => instantOf(Date.now()) },
      store: await openWitnessFiles(join(directory, "checkpoints")),
      cosigners,
      logs: options.logs,
    });
    const app = buildWitnessApp(witness);
    const url = await listen(app, address);
    return { url, vkeys, stop: () => app.close().finally(() => lock.release()) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The witness's door on an app of its own; what fails is told as an opaque problem, and to the diagnostics. */
function buildWitnessApp(
  witness: Witness,
  diagnostics: FastifyBaseLogger = openDiagnostics(),
): FastifyInstance {
  const app = fastify({
    loggerInstance: diagnostics,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: requestTimeoutMilliseconds,
    connectionTimeout: requestTimeoutMilliseconds,
    forceCloseConnections: true,
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ error, problem: problem.detail }, "a request failed");
    return reply.code(problem.status).type("application/problem+json").send(problem);
  });
  openWitnessDoor(app, witness);
  return app;
}
