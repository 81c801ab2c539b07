import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { makeScene } from "custody/assurance/scene.testing";
import { concatBytes, formatInstant, parseBase64, toHex } from "custody/ground";
import type { Bytes } from "custody/ground";
import { findVectors } from "custody/ground/vectors.testing";

import { parseBundle, parseCertificate } from "./index.ts";

const scene = await makeScene();
const [authority] = scene.authorities.trustedRoot.authorities;
const leaf = parseBundle(scene.question.bundles[0]!).certificate;
const own = [leaf, ...authority!.chain, scene.authorities.timestamp.certificate];
const malformed = { code: "evidence/certificate-malformed" };

/** Node's own reader, which is OpenSSL's, must see the same. */
function checkAgainstNode(der: Bytes): void {
  const ours = parseCertificate(der);
  const theirs = new X509Certificate(der);
  assert.equal(
    toHex(ours.serialNumber).replace(/^0+/, ""),
    theirs.serialNumber.toLowerCase().replace(/^0+/, ""),
  );
  assert.equal(formatInstant(ours.validity.start), theirs.validFromDate.toISOString());
  assert.equal(formatInstant(ours.validity.end!), theirs.validToDate.toISOString());
  assert.equal(ours.isCertificateAuthority, theirs.ca);
  assert.deepEqual(
    Buffer.from(ours.publicKey.spki),
    theirs.publicKey.export({ type: "spki", format: "der" }),
  );
  assert.deepEqual([...ours.extendedKeyUsage], theirs.keyUsage ?? []);
  const names = ours.uris.map((uri) => `URI:${uri}`).join(", ");
  if (ours.otherNames.length === 0) assert.equal(names, theirs.subjectAltName ?? "");
}

test("reads every kind of certificate that Custody issues as OpenSSL does", () => {
  for (const { der } of own) checkAgainstNode(der);
});

test("reads who a signing certificate is for and who vouched", () => {
  assert.deepEqual(leaf.uris, ["spiffe://example.org/repository/hello/source"]);
  assert.deepEqual(leaf.otherNames, []);
  assert.equal(leaf.oidcIssuer, "spiffe://example.org");
  assert.deepEqual([...leaf.keyUsage], ["digitalSignature"]);
});

test("reads an authority's certificate: what it may sign, and how far down", () => {
  const [intermediate] = authority!.chain;
  assert.equal(intermediate!.isCertificateAuthority, true);
  assert.equal(intermediate!.pathLength, 0);
  assert.ok(intermediate!.keyUsage.has("keyCertSign"));
});

test("reads the certificates of Sigstore's public trusted root as OpenSSL does", (context) => {
  const folder = findVectors("sigstore-bundles");
  if (folder === undefined) return context.skip("the vectors are not here");
  const files = readFileSync(join(folder, "trusted_root.json"), "utf8");
  const certificates = [...files.matchAll(/"certificates":\s*\[([^\]]*)\]/g)].flatMap(([, list = ""]) =>
    [...list.matchAll(/"rawBytes":\s*"([^"]+)"/g)].map(([, text = ""]) => parseBase64(text)),
  );
  assert.ok(certificates.length > 0);
  for (const der of certificates) checkAgainstNode(der);
});

test("refuses bytes behind the certificate and bytes that are missing", () => {
  assert.throws(() => parseCertificate(concatBytes(leaf.der, new Uint8Array(1))), malformed);
  assert.throws(() => parseCertificate(leaf.der.slice(0, -1)), malformed);
  assert.throws(() => parseCertificate(new Uint8Array(0)), malformed);
  assert.throws(() => parseCertificate(new Uint8Array(20_000)), malformed);
});

test("refuses a certificate that names two signature algorithms", () => {
  const der = leaf.der.slice();
  // The last arc of ecdsa-with-SHA256, outside the signed part: SHA384 instead.
  const at = Buffer.from(der).lastIndexOf(Buffer.from("2a8648ce3d040302", "hex")) + 7;
  der[at] = 3;
  assert.throws(() => parseCertificate(der), malformed);
});

test("any one byte changed is read as another certificate or refused, never a crash", () => {
  for (let at = 0; at < leaf.der.length; at++) {
    const der = leaf.der.slice();
    der[at]! ^= 0x01;
    try {
      parseCertificate(der);
    } catch (error) {
      assert.equal(
        (error as { code?: string }).code,
        "evidence/certificate-malformed",
        `byte ${at}: ${String(error)}`,
      );
    }
  }
});
