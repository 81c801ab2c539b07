import assert from "node:assert/strict";
import { before, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeTrust } from "custody/authority/attestor.testing";
import type { TestTrust } from "custody/authority/attestor.testing";
import { memoryControlStores } from "custody/control";
import { bundleMediaType } from "custody/evidence";
import { parseSpiffeId } from "custody/spiffe";
import { fastify } from "fastify";
import type { FastifyInstance } from "fastify";

import { problemOf } from "../problem.ts";
import { openAttestationDoor } from "./attestations.ts";

const mebibyte = 1024 * 1024;
let trust: TestTrust;
before(async () => {
  trust = await makeTrust();
});

function openDoor(onlyAwaited: boolean): FastifyInstance {
  const app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).send(problem);
  });
  const { attestations, policies } = memoryControlStores(nodeCrypto, trust.clock);
  const control = { crypto: nodeCrypto, trustedRoot: trust.authorities.trustedRoot, attestations, policies };
  const gate = { forgetAll: () => undefined };
  openAttestationDoor(
    app,
    { control, gate, deliverer: { keeper: { judgeSoon: () => undefined } } },
    { onlyAwaited },
  );
  return app;
}

async function send(
  app: FastifyInstance,
  payload: Buffer,
  type = bundleMediaType,
): Promise<readonly [number, string]> {
  const headers = { "content-type": type };
  const reply = await app.inject({ method: "POST", url: "/attestations", headers, payload });
  return [reply.statusCode, reply.json<{ code: string }>().code];
}

test("the open door takes no more than a logged attestation can be; behind the guard larger ones come in", async () => {
  const large = Buffer.alloc(2 * mebibyte, " ");
  assert.deepEqual(await send(openDoor(true), large), [413, "api/too-large"]);
  const [status, code] = await send(openDoor(false), large);
  assert.deepEqual([status, code], [422, "attestation/unreadable"], "the control: it is read there");
});

test("a bundle comes under either of its media types, and nothing else does", async () => {
  const rows: readonly (readonly [string, number, string])[] = [
    ["application/vnd.dev.sigstore.bundle+json;version=0.3", 422, "attestation/unreadable"],
    ["application/vnd.dev.sigstore.bundle.v0.3+json; charset=utf-8", 422, "attestation/unreadable"],
    ["application/json", 415, "api/media-type"],
    ["text/plain", 415, "api/media-type"],
  ];
  for (const [type, status, code] of rows) {
    assert.deepEqual(await send(openDoor(true), Buffer.from("{}"), type), [status, code], type);
  }
});

test("what would cost much to read is refused before it is read, at both doors", async () => {
  const keys = Array.from({ length: 40_000 }, (_, at) => `"k${at}":[{},{},{}]`);
  const rows = [`{${keys.join(",")}}`, "[".repeat(mebibyte), `[${"0,".repeat(mebibyte / 2)}0]`];
  for (const onlyAwaited of [true, false]) {
    for (const text of rows) {
      const start = performance.now();
      assert.deepEqual(await send(openDoor(onlyAwaited), Buffer.from(text)), [422, "attestation/unreadable"]);
      const milliseconds = performance.now() - start;
      assert.ok(milliseconds < 500, `${text.slice(0, 20)}: ${milliseconds} ms`);
    }
  }
});

test("an attestation of this server's own certificates is taken in, by its bytes", async () => {
  const { bytes } = await trust.attest(parseSpiffeId("spiffe://example.org/gate"), {
    subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }],
    predicateType: "https://example.org/review/v1",
    predicate: {},
  });
  assert.equal((await send(openDoor(false), Buffer.from(bytes)))[0], 201);
  assert.deepEqual(await send(openDoor(true), Buffer.from(bytes)), [403, "attestation/unasked"]);
});
