import { findFaultCode, parseJson, toBase64 } from "custody/ground";
import type { Bytes, Crypto } from "custody/ground";
import { logFault } from "custody/log";
import type { Log, LogEntryProof } from "custody/log";
import { readRekorRequest } from "custody/sigstore";
import type { RekorEntry } from "custody/sigstore";
import type { FastifyInstance } from "fastify";

import { openLogDoor } from "./log.ts";
import { takeOnly } from "./media-types.ts";

/** What takes entries into the log. */
export interface RekorPorts {
  readonly crypto: Crypto;
  readonly log: Log;
  /** As bundles name the log. */
  readonly logId: Bytes;
  /** How long an answer may take; 20 s where nothing is said, as Rekor's clients expect. */
  readonly deadlineMilliseconds?: number;
}

const maxRequestBytes = 1024 * 1024;
const defaultDeadlineMilliseconds = 20_000;
/** When whoever is turned away may ask again. */
const retryAfterSeconds = 1;
const methods = "POST";

/**
 * Rekor v2's API (rekor-tiles): entries of kind hashedrekord and dsse, answered when a signed checkpoint covers them, and the
 * tiles that prove it. Open to everybody who can reach the server, as every log is: an entry says only that a signature
 * was seen.
 */
export async function openRekorDoor(app: FastifyInstance, ports: RekorPorts): Promise<void> {
  await app.register(async (reading) => openLogDoor(reading, ports.log), { prefix: "/api/v2" });
  await app.register(async (writing) => openWriting(writing, ports), { prefix: "/api/v2/log" });
}

function openWriting(app: FastifyInstance, { crypto, log, logId, deadlineMilliseconds }: RekorPorts): void {
  takeOnly(app, {
    types: ["application/json"],
    limitBytes: maxRequestBytes,
    read: (body) => parseJson(body),
  });
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*");
  });
  // Browsers ask before they send JSON elsewhere (Fetch, CORS-preflight).
  app.options("/entries", async (_request, reply) =>
    reply
      .code(204)
      .header("access-control-allow-methods", methods)
      .header("access-control-allow-headers", "content-type")
      .send(),
  );
  app.post("/entries", async (request, reply) => {
    const entry = await readRekorRequest(crypto, request.body);
    const proof = await withDeadline(log.append(entry.body), deadlineMilliseconds).catch((error: unknown) => {
      if (findFaultCode(error)?.startsWith("log/")) reply.header("retry-after", retryAfterSeconds);
      throw error;
    });
    return reply.code(201).send(transparencyLogEntry(logId, entry, proof));
  });
}

// The entry may still come to be in the log; appending it again is harmless.
async function withDeadline<T>(work: Promise<T>, milliseconds = defaultDeadlineMilliseconds): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = (): void => reject(logFault("log/busy", `the log took longer than ${milliseconds} ms`));
  const timer = setTimeout(late, milliseconds);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
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
