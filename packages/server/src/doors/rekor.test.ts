import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { after, before, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { makeTrust } from "custody/authority/attestor.testing";
import type { TestTrust } from "custody/authority/attestor.testing";
import { preAuthEncode } from "custody/dsse";
import { formatTrustedRoot } from "custody/evidence";
import { utf8 } from "custody/ground";
import { logFault, memorySequenceStore, memoryTileStore, openLog } from "custody/log";
import type { Log } from "custody/log";
import { parsePublicKeyPem, parseSigstoreRoot, verifySigstoreBundle } from "custody/sigstore";
import { fastify } from "fastify";
import type { FastifyInstance, InjectOptions } from "fastify";

import { problemOf } from "../problem.ts";
import { openRekorDoor } from "./rekor.ts";
import { openTimestampDoor } from "./timestamp.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = publicKey.export({ format: "pem", type: "spki" }) as string;
const spki = publicKey.export({ format: "der", type: "spki" }).toString("base64");
const artifact = utf8("an artifact");
const digest = createHash("sha256").update(artifact).digest();
const verifier = { keyDetails: "PKIX_ECDSA_P256_SHA_256", publicKey: { rawBytes: spki } };
const signatureOf = (data: Uint8Array): string => sign("sha256", data, privateKey).toString("base64");

let trust: TestTrust;
let app: FastifyInstance;
let ownLog: Log;
before(async () => {
  trust = await makeTrust();
  const { authorities, logSigner, ports } = trust;
  ownLog = await openLog({
    store: memorySequenceStore(),
    tiles: memoryTileStore(),
    signer: logSigner,
    origin: "example.org/log",
    crypto: nodeCrypto,
  });
  app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).send(problem);
  });
  const rekor = { crypto: nodeCrypto, log: ownLog, logId: authorities.trustedRoot.logs[0]!.logId };
  await app.register(async (door) => openRekorDoor(door, rekor), { prefix: "/rekor" });
  const time = { authority: ports, timestamp: authorities.timestamp, chain: [] };
  await app.register(async (door) => openTimestampDoor(door, time), { prefix: "/tsa" });
});
after(() => app.close());

async function post(url: string, payload: object): Promise<{ status: number; body: Buffer }> {
  const { statusCode: status, rawPayload: body } = await app.inject({ method: "POST", url, payload });
  return { status, body };
}

async function append(request: object): Promise<Record<string, unknown>> {
  const { status, body } = await post("/rekor/api/v2/log/entries", request);
  assert.equal(status, 201, body.toString());
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

const hashed = (content = signatureOf(artifact)): object => ({
  hashedRekordRequestV002: { digest: digest.toString("base64"), signature: { content, verifier } },
});

/** What a client makes of its signature, an entry and a timestamp. */
async function bundleOf(content: object, signature: string, entry: object): Promise<object> {
  const artifactHash = createHash("sha256").update(Buffer.from(signature, "base64")).digest("base64");
  const stamped = await post("/tsa/api/v1/timestamp", { artifactHash, hashAlgorithm: "sha256" });
  assert.equal(stamped.status, 201);
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      publicKey: { hint: "key" },
      tlogEntries: [entry],
      timestampVerificationData: {
        rfc3161Timestamps: [{ signedTimestamp: stamped.body.toString("base64") }],
      },
    },
    ...content,
  };
}

/** Custody's verifier, and the npm client's. */
async function checkBundle(bundle: object): Promise<void> {
  const root = formatTrustedRoot(trust.authorities.trustedRoot);
  const verdict = await verifySigstoreBundle(
    { crypto: nodeCrypto },
    {
      bundle: utf8(JSON.stringify(bundle)),
      artifact: { kind: "bytes", bytes: artifact },
      root: parseSigstoreRoot(utf8(JSON.stringify(root))),
      policy: { signer: { kind: "key", key: parsePublicKeyPem(pem) } },
    },
  );
  assert.equal(verdict.kind, "allowed", JSON.stringify(verdict));
  const material = toTrustMaterial(TrustedRoot.fromJSON(root), () => ({
    publicKey,
    validFor: () => true,
  }));
  const signed = toSignedEntity(bundleFromJSON(bundle), Buffer.from(artifact));
  new Verifier(material, { tlogThreshold: 1, tsaThreshold: 1, ctlogThreshold: 0 }).verify(signed);
}

test("takes in a hashedrekord; with a timestamp it is a bundle that Custody and the npm client verify", async () => {
  const entry = await append(hashed());
  const signature = signatureOf(artifact);
  const again = await append(hashed(signature));
  assert.equal(Number(again["logIndex"]), Number(entry["logIndex"]) + 1);
  const messageSignature = {
    messageDigest: { algorithm: "SHA2_256", digest: digest.toString("base64") },
    signature,
  };
  await checkBundle(await bundleOf({ messageSignature }, signature, again));
});

test("takes in a dsse envelope; with a timestamp it is a bundle that Custody and the npm client verify", async () => {
  const payloadType = "application/vnd.in-toto+json";
  const payload = utf8(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "artifact", digest: { sha256: digest.toString("hex") } }],
      predicateType: "https://example.org/predicate/v1",
      predicate: {},
    }),
  );
  const sig = signatureOf(preAuthEncode(payloadType, payload));
  const dsseEnvelope = {
    payload: Buffer.from(payload).toString("base64"),
    payloadType,
    signatures: [{ sig, keyid: "" }],
  };
  const entry = await append({ dsseRequestV002: { envelope: dsseEnvelope, verifiers: [verifier] } });
  await checkBundle(await bundleOf({ dsseEnvelope }, sig, entry));
});

test("what it has taken in is in its tiles, under its checkpoint", async () => {
  const { canonicalizedBody, logIndex } = await append(hashed());
  const checkpoint = await app.inject("/rekor/api/v2/checkpoint");
  assert.match(checkpoint.body, new RegExp(`^example.org/log\n${Number(logIndex) + 1}\n`));
  const tile = await app.inject(`/rekor/api/v2/tile/entries/000.p/${Number(logIndex) + 1}`);
  assert.ok(tile.rawPayload.includes(Buffer.from(canonicalizedBody as string, "base64")));
  assert.match(String(tile.headers["cache-control"]), /immutable/);
});

test("takes in nothing whose signature it cannot verify", async () => {
  const request = (change: object): object => {
    const { hashedRekordRequestV002 } = hashed() as { hashedRekordRequestV002: { signature: object } };
    return { hashedRekordRequestV002: { ...hashedRekordRequestV002, ...change } };
  };
  const other = { ...verifier, keyDetails: "PKIX_ED25519" };
  const bad: readonly (readonly [object, RegExp])[] = [
    [hashed(signatureOf(utf8("another"))), /does not verify/],
    [hashed("AAAA"), /does not verify/],
    [hashed("!"), /refused/],
    [request({ digest: "AAAA" }), /none that/],
    [request({ signature: { content: signatureOf(artifact), verifier: other } }), /none that/],
    [
      request({ signature: { content: "AAAA", verifier: { ...verifier, keyDetails: "X" } } }),
      /are not taken/,
    ],
    [request({ signature: { content: "AAAA", verifier: { keyDetails: verifier.keyDetails } } }), /refused/],
    [{ ...hashed(), dsseRequestV002: {} }, /dsseRequestV002\.envelope: /],
    [{ ...hashed(), dsseRequestV002: { envelope: {}, verifiers: [verifier] } }, /one of hashedRekord/],
    [{ dsseRequestV002: { envelope: {}, verifiers: [verifier] } }, /refused/],
    [
      {
        dsseRequestV002: {
          envelope: { payload: "e30=", payloadType: "x", signatures: [{ sig: "AAAA" }] },
          verifiers: [verifier],
        },
      },
      /does not verify/,
    ],
    [{}, /it must hold one of hashedRekordRequestV002 and dsseRequestV002/],
    [[], /refused/],
    [{ hashedRekordRequestV002: 1 }, /hashedRekordRequestV002: /],
  ];
  const before = (await app.inject("/rekor/api/v2/checkpoint")).body;
  for (const [payload, expected] of bad) {
    const { status, body } = await post("/rekor/api/v2/log/entries", payload);
    assert.ok(status >= 400, JSON.stringify(payload));
    assert.match(body.toString(), expected, JSON.stringify(payload));
  }
  assert.equal((await app.inject("/rekor/api/v2/checkpoint")).body, before);
});

/** A door over a log whose append is another one. */
async function openOver(append: Log["append"], deadlineMilliseconds?: number): Promise<FastifyInstance> {
  const door = fastify();
  const log = new Proxy(ownLog, {
    get: (target, name) => (name === "append" ? append : (Reflect.get(target, name) as unknown)),
  });
  const ports = { crypto: nodeCrypto, log, logId: new Uint8Array(32) };
  await openRekorDoor(door, deadlineMilliseconds === undefined ? ports : { ...ports, deadlineMilliseconds });
  return door;
}

const request = (payload: object): InjectOptions => ({ method: "POST", url: "/api/v2/log/entries", payload });

test("who comes while the log cannot keep up is told when to come again", async () => {
  const busy = await openOver(() => Promise.reject(logFault("log/busy", "4096 entries wait to be logged")));
  const turnedAway = await busy.inject(request(hashed()));
  assert.equal(turnedAway.headers["retry-after"], "1");
  const refused = await busy.inject(request(hashed("AAAA")));
  assert.equal(refused.headers["retry-after"], undefined, "coming again would not help");
  await busy.close();
});

test("an answer that does not come in time is given up, and one that does is not", async () => {
  const slow = await openOver(() => new Promise(() => undefined), 50);
  const late = await slow.inject(request(hashed()));
  assert.equal(late.headers["retry-after"], "1");
  assert.match(late.body, /took longer than 50 ms/);
  const quick = await openOver((entry) => ownLog.append(entry), 5000);
  assert.equal((await quick.inject(request(hashed()))).statusCode, 201);
  for (const door of [slow, quick]) await door.close();
});

test("takes no body above a mebibyte, and only JSON", async () => {
  const padded = (size: number): string => JSON.stringify(hashed()).padEnd(size);
  const url = "/rekor/api/v2/log/entries";
  const send = async (payload: string, type = "application/json") =>
    (await app.inject({ method: "POST", url, payload, headers: { "content-type": type } })).statusCode;
  assert.equal(await send(padded(1024 * 1024)), 201);
  assert.equal(await send(padded(1024 * 1024 + 1)), 413);
  assert.equal(await send(padded(10), "application/yaml"), 415);
});

test("pages of other origins may read the log and append to it", async () => {
  const preflight = await app.inject({ method: "OPTIONS", url: "/rekor/api/v2/log/entries" });
  assert.equal(preflight.statusCode, 204);
  assert.equal(preflight.headers["access-control-allow-methods"], "POST");
  const posted = await app.inject({ ...request(hashed()), url: "/rekor/api/v2/log/entries" });
  const read = await app.inject("/rekor/api/v2/checkpoint");
  for (const { headers } of [preflight, posted, read])
    assert.equal(headers["access-control-allow-origin"], "*");
});

test("what changes is kept for a second, what does not for good, and what is not there yet not at all", async () => {
  const { logIndex } = await append(hashed());
  const size = Number(logIndex) + 1;
  const look = async (path: string) => {
    const { statusCode, headers } = await app.inject(`/rekor/api/v2/${path}`);
    return [statusCode, headers["cache-control"]];
  };
  assert.deepEqual(await look("checkpoint"), [200, "public, max-age=1"]);
  for (const path of [`tile/0/000.p/${size}`, `tile/entries/000.p/${size}`])
    assert.deepEqual(await look(path), [200, "public, max-age=31536000, immutable"]);
  for (const path of [`tile/0/000.p/${size + 1}`, "tile/0/000", "tile/entries/000", "tile/0/1", "tile/x"])
    assert.deepEqual(await look(path), [404, "no-store"], path);
});
