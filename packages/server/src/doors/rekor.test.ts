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
import { memorySequenceStore, memoryTileStore, openLog } from "custody/log";
import { parsePublicKeyPem, parseSigstoreRoot, verifySigstoreBundle } from "custody/sigstore";
import { fastify } from "fastify";
import type { FastifyInstance } from "fastify";

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
before(async () => {
  trust = await makeTrust();
  const { authorities, logSigner, ports } = trust;
  const log = await openLog({
    store: memorySequenceStore(),
    tiles: memoryTileStore(),
    signer: logSigner,
    origin: "example.org/log",
    crypto: nodeCrypto,
  });
  app = fastify();
  const rekor = { crypto: nodeCrypto, log, logId: authorities.trustedRoot.logs[0]!.logId };
  await app.register(async (door) => openRekorDoor(door, rekor), { prefix: "/rekor" });
  const time = { authority: ports, timestamp: authorities.timestamp };
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
    [{ ...hashed(), dsseRequestV002: {} }, /refused/],
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
    [{}, /refused/],
  ];
  const before = (await app.inject("/rekor/api/v2/checkpoint")).body;
  for (const [payload, expected] of bad) {
    const { status, body } = await post("/rekor/api/v2/log/entries", payload);
    assert.ok(status >= 400, JSON.stringify(payload));
    assert.match(body.toString(), expected, JSON.stringify(payload));
  }
  assert.equal((await app.inject("/rekor/api/v2/checkpoint")).body, before);
});
