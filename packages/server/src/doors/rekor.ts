import { parseJson, toBase64 } from "custody/ground";
import type { Bytes, Crypto } from "custody/ground";
import type { Log, LogEntryProof } from "custody/log";
import { readRekorRequest } from "custody/sigstore";
import type { RekorEntry } from "custody/sigstore";
import type { FastifyInstance } from "fastify";

import { openLogDoor } from "./log.ts";

/** What takes entries into the log. */
export interface RekorPorts {
  readonly crypto: Crypto;
  readonly log: Log;
  /** As bundles name the log. */
  readonly logId: Bytes;
}

const maxRequestBytes = 1024 * 1024;

/**
 * Rekor v2's API (rekor-tiles): entries of kind hashedrekord and dsse, answered when a signed checkpoint covers them, and the
 * tiles that prove it. Open to everybody who can reach the server, as every log is: an entry says only that a signature
 * was seen.
 */
export async function openRekorDoor(app: FastifyInstance, ports: RekorPorts): Promise<void> {
  await app.register(async (reading) => openLogDoor(reading, ports.log), { prefix: "/api/v2" });
  await app.register(async (writing) => openWriting(writing, ports), { prefix: "/api/v2/log" });
}

function openWriting(app: FastifyInstance, { crypto, log, logId }: RekorPorts): void {
  const parser = { parseAs: "buffer" as const, bodyLimit: maxRequestBytes };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", parser, (_request, body, done) =>
    done(null, parseJson(body as unknown as Buffer)),
  );
  app.post("/entries", async (request, reply) => {
    const entry = await readRekorRequest(crypto, request.body);
    return reply.code(201).send(transparencyLogEntry(logId, entry, await log.append(entry.body)));
  });
}

/** protobuf-specs, `sigstore_rekor.proto`: 64-bit integers are strings. */
function transparencyLogEntry(
  logId: Bytes,
  { kind, version, body }: RekorEntry,
  { index, treeSize, rootHash, hashes, checkpoint }: LogEntryProof,
): object {
  return {
    logIndex: String(index),
    logId: { keyId: toBase64(logId) },
    kindVersion: { kind, version },
    integratedTime: "0",
    inclusionProof: {
      logIndex: String(index),
      rootHash: toBase64(rootHash),
      treeSize: String(treeSize),
      hashes: hashes.map(toBase64),
      checkpoint: { envelope: checkpoint },
    },
    canonicalizedBody: toBase64(body),
  };
}
