import {
  parseTimestampRequest,
  readTimestampJson,
  rejectTimestamp,
  stampRequest,
  TimestampRejection,
} from "custody/authority";
import type { AuthorityPorts, Issuer, TimestampRequest } from "custody/authority";
import type { Certificate } from "custody/evidence";
import { CustodyError, formatPem, parseJson } from "custody/ground";
import type { Bytes } from "custody/ground";
import type { FastifyInstance } from "fastify";

import { takeOnly } from "./media-types.ts";

/** What stamps times. */
export interface TimestampPorts {
  readonly authority: AuthorityPorts;
  readonly timestamp: Issuer;
  /** Its own certificate, then its issuers to the root. */
  readonly chain: readonly Certificate[];
}

const maxRequestBytes = 16 * 1024;
const replyType = "application/timestamp-reply";
const chainType = "application/pem-certificate-chain";

/** RFC 3161 over HTTP (§3.4), the same question in JSON as Sigstore's clients ask it, and the chain to verify answers with. Open: a time is no secret. */
export function openTimestampDoor(app: FastifyInstance, ports: TimestampPorts): void {
  const types = ["application/timestamp-query", "application/json"];
  takeOnly(app, { types, limitBytes: maxRequestBytes, read: (body) => body });
  app.post("/api/v1/timestamp", async (request, reply) => {
    const body = request.body as Bytes;
    const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
    const stamped = isJson ? await stampJson(ports, body) : await stampDer(ports, body);
    return reply
      .code(isJson ? 201 : 200)
      .type(replyType)
      .send(Buffer.from(stamped));
  });
  // RFC 8555 §9.1: PEM blocks, each certified by the next.
  const chain = ports.chain.map(({ der }) => formatPem({ label: "CERTIFICATE", der })).join("");
  app.get("/api/v1/timestamp/certchain", async (_request, reply) => reply.type(chainType).send(chain));
}

// What is rejected is an answer of the protocol, not a fault of HTTP.
async function stampDer(ports: TimestampPorts, der: Bytes): Promise<Bytes> {
  try {
    return await stamp(ports, parseTimestampRequest(der));
  } catch (error) {
    if (error instanceof TimestampRejection) return rejectTimestamp(error.failure);
    throw error;
  }
}

async function stampJson(ports: TimestampPorts, text: Bytes): Promise<Bytes> {
  try {
    return await stamp(ports, readTimestampJson(parseJson(text)));
  } catch (error) {
    if (!(error instanceof TimestampRejection)) throw error;
    throw new CustodyError("api/request", error.message, {
      next: "send artifactHash (base64) and hashAlgorithm (sha256, sha384 or sha512)",
    });
  }
}

function stamp({ authority, timestamp }: TimestampPorts, request: TimestampRequest): Promise<Bytes> {
  return stampRequest(authority, timestamp, request);
}
