import assert from "node:assert/strict";
import { test } from "node:test";

import type { Json } from "custody/ground";
import { toBase64 } from "custody/ground";

import { at, bend, bytesOf, textAt } from "./bend.testing.ts";
import { parseSigstoreBundle } from "./bundle.ts";
import { forgeBundle, makeWorld } from "./forge.testing.ts";

const world = await makeWorld();
const bundle = await forgeBundle(world, { isStamped: true });
const entryPath = "verificationMaterial.tlogEntries.0";
const certificate = at(bundle, "verificationMaterial.certificate");

function check(json: Json, code: string): void {
  assert.throws(() => parseSigstoreBundle(bytesOf(json)), { code });
}

test("reads every spelling of a version, and no other", () => {
  const versions = [
    ["application/vnd.dev.sigstore.bundle.v0.3+json", "0.3"],
    ["application/vnd.dev.sigstore.bundle+json;version=0.3", "0.3"],
  ] as const;
  for (const [mediaType, version] of versions) {
    assert.equal(parseSigstoreBundle(bytesOf(bend(bundle, "mediaType", mediaType))).version, version);
  }
  for (const wrong of ["", "application/json", "application/vnd.dev.sigstore.bundle.v0.4+json"]) {
    check(bend(bundle, "mediaType", wrong), "sigstore/version-unknown");
  }
});

test("what ProtoJSON leaves out is zero or empty, and null is left out", () => {
  const bare = bend(
    bend(bundle, `${entryPath}.logIndex`, undefined),
    `${entryPath}.inclusionProof.hashes`,
    null,
  );
  const [entry] = parseSigstoreBundle(bytesOf(bare)).logEntries;
  assert.equal(entry?.index, 0);
  assert.deepEqual(entry?.proof?.hashes, []);
  assert.equal(parseSigstoreBundle(bytesOf(bend(bundle, "dsseEnvelope", null))).content.kind, "message");
});

test("reads base64 of either alphabet, with or without padding, in lines or not, to the same bytes", () => {
  const path = `${entryPath}.canonicalizedBody`;
  const text = textAt(bundle, path);
  const { body } = parseSigstoreBundle(bytesOf(bundle)).logEntries[0]!;
  const forms = [
    text.replaceAll("+", "-").replaceAll("/", "_"),
    text.replaceAll("=", ""),
    text.replaceAll(/(.{64})/g, "$1\n"),
    text.replaceAll(/(.{64})/g, "$1\r\n"),
  ];
  for (const form of forms) {
    assert.deepEqual(parseSigstoreBundle(bytesOf(bend(bundle, path, form))).logEntries[0]?.body, body);
  }
  for (const wrong of ["", "A", "A===", "AB==", "AAAA ", "AA=A", "!!!!"]) {
    check(bend(bundle, path, wrong), "sigstore/bundle-malformed");
  }
});

test("refuses what is missing, too much, of another kind or unknown", () => {
  const bundleOf = (path: string, value: unknown) => bend(bundle, path, value);
  const chain = { certificates: [certificate] };
  const many = (item: Json, count: number) => Array.from({ length: count }, () => item);
  const wrong = [
    bundleOf("verificationMaterial", undefined),
    bundleOf("verificationMaterial.certificate", undefined),
    bundleOf("verificationMaterial.publicKey", { hint: "" }),
    bundleOf("verificationMaterial.x509CertificateChain", chain),
    bend(
      bundleOf("verificationMaterial.certificate", undefined),
      "verificationMaterial.x509CertificateChain",
      chain,
    ),
    bundleOf("verificationMaterial.certificate.rawBytes", ""),
    bundleOf("messageSignature", undefined),
    bundleOf("messageSignature.signature", ""),
    bundleOf("dsseEnvelope", { payload: "", payloadType: "t", signatures: [{ sig: "AA==" }] }),
    bundleOf("somethingNew", 1),
    bundleOf(`${entryPath}.somethingNew`, 1),
    bundleOf(`${entryPath}.canonicalizedBody`, undefined),
    bundleOf(`${entryPath}.kindVersion`, undefined),
    bundleOf("verificationMaterial.tlogEntries", many(at(bundle, entryPath), 9)),
    bundleOf(`${entryPath}.inclusionProof.hashes`, many("AA==", 65)),
    ...["-1", "01", "1.5", "0x10", "", "9007199254740992", -1, 1.5, true].map((wrongCount) =>
      bundleOf(`${entryPath}.logIndex`, wrongCount),
    ),
    bundleOf(`${entryPath}.integratedTime`, "9007199254740991"),
  ];
  for (const json of wrong) check(json, "sigstore/bundle-malformed");
});

test("refuses an envelope with no signature, an empty one, or two", async () => {
  const enveloped = await forgeBundle(world, { entry: "dsse 0.0.1" });
  const sig = { sig: toBase64(new Uint8Array(8)) };
  for (const signatures of [[], [sig, sig], [{ sig: "" }]]) {
    check(bend(enveloped, "dsseEnvelope.signatures", signatures), "sigstore/bundle-malformed");
  }
});

test("refuses a bundle that is too large before it reads it", () => {
  const huge = new Uint8Array(25 * 1024 * 1024).fill(0x20);
  assert.throws(() => parseSigstoreBundle(huge), { code: "sigstore/bundle-malformed" });
});
