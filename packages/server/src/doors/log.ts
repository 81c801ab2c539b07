import type { FastifyInstance } from "fastify";
import { findFaultCode } from "custody/ground";
import type { Log } from "custody/log";

const immutable = "public, max-age=31536000, immutable";
const briefly = "public, max-age=1";
const never = "no-store";

/** The log's read paths (C2SP tlog-tiles §APIs): a checkpoint that changes, tiles that never do, open to every origin. */
export function openLogDoor(app: FastifyInstance, log: Log): void {
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*");
  });
  app.get("/checkpoint", async (_request, reply) =>
    reply
      .type("text/plain; charset=utf-8")
      .header("cache-control", briefly)
      .send(await log.checkpoint()),
  );
  app.get<{ Params: { "*": string } }>("/tile/*", async (request, reply) => {
    const tile = await findTile(log, `tile/${request.params["*"]}`);
    // It may come: what is not there yet must not be remembered as absent.
    if (!tile)
      return reply.code(404).type("text/plain").header("cache-control", never).send("no such tile\n");
    return reply.type("application/octet-stream").header("cache-control", immutable).send(Buffer.from(tile));
  });
}

/** All shards of a log by their names, `/ORIGIN/checkpoint` and `/ORIGIN/tile/…`: those that have ended, and the one that goes on. */
export async function openShardDoor(app: FastifyInstance, shards: ReadonlyMap<string, Log>): Promise<void> {
  for (const [origin, log] of shards)
    await app.register(async (shard) => openLogDoor(shard, log), { prefix: `/${origin}` });
}

// A path that no tile can have is as absent as one that no tile has yet.
async function findTile(log: Log, path: string): Promise<Uint8Array | undefined> {
  try {
    return await log.readTile(path);
  } catch (error) {
    if (findFaultCode(error) === "merkle/tile-path") return undefined;
    throw error;
  }
}
