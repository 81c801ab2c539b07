import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { parseCertificate } from "custody/evidence";
import { concatBytes, derTags, derValue, parseBase64 } from "custody/ground";
import type { Bytes } from "custody/ground";

import { bytesOf, textAt } from "./bend.testing.ts";
import { forgeBundle, makeWorld } from "./forge.testing.ts";
import { verifyCertificateTimestamps } from "./sct.ts";
import { parseSigstoreRoot } from "./trusted-root.ts";

const sctListOid = "1.3.6.1.4.1.11129.2.4.2";
const world = await makeWorld();
const { certificateLogs } = parseSigstoreRoot(bytesOf(world.root));
const bundle = await forgeBundle(world);
const certificate = parseCertificate(
  parseBase64(textAt(bundle, "verificationMaterial.certificate.rawBytes")),
);
const list = certificate.extensions.get(sctListOid)!;
// OCTET STRING, list length, and then the one timestamp with its own length.
const vectorOf = (bytes: Uint8Array) =>
  concatBytes(new Uint8Array([bytes.length >> 8, bytes.length & 0xff]), bytes);
const headerBytes = list[1]! < 0x80 ? 2 : 3;
const timestamp = list.slice(headerBytes + 4);
const listOf = (...timestamps: readonly Uint8Array[]) =>
  derValue(derTags.octetString, vectorOf(concatBytes(...timestamps.map(vectorOf))));

async function check(
  extension: Bytes | undefined,
  expected: { logs: number; isSound: boolean },
): Promise<void> {
  const extensions = new Map(certificate.extensions);
  if (extension) extensions.set(sctListOid, extension);
  else extensions.delete(sctListOid);
  const issuer = world.intermediate.certificate;
  const { logs, isSound } = await verifyCertificateTimestamps(
    nodeCrypto,
    { ...certificate, extensions },
    issuer,
    certificateLogs,
  );
  assert.deepEqual({ logs: logs.length, isSound }, expected);
}

test("a log that signed counts, and once however often it signed", async () => {
  await check(list, { logs: 1, isSound: true });
  await check(listOf(timestamp), { logs: 1, isSound: true });
  await check(listOf(timestamp, timestamp), { logs: 1, isSound: true });
});

test("no list, an empty one, and one of logs that nobody knows say nothing", async () => {
  const strange = timestamp.slice();
  strange[1]! ^= 1;
  for (const extension of [undefined, listOf(), listOf(strange)])
    await check(extension, { logs: 0, isSound: true });
  await check(listOf(strange, timestamp), { logs: 1, isSound: true });
});

test("a list that cannot be read, or holds a bad signature of a known log, is not sound", async () => {
  const changed = (at: number) => timestamp.with(at, timestamp.at(at)! ^ 1);
  const wrong = [
    list.slice(0, -1),
    concatBytes(list, new Uint8Array(1)),
    derValue(derTags.octetString, vectorOf(timestamp)),
    listOf(timestamp.slice(0, -1)),
    listOf(concatBytes(timestamp, new Uint8Array(1))),
    ...[0, 40, 43, 44, -1].map((at) => listOf(new Uint8Array(changed(at)))),
    listOf(timestamp, new Uint8Array(changed(-1))),
    listOf(...Array.from({ length: 17 }, () => timestamp)),
  ];
  for (const extension of wrong) await check(extension, { logs: 0, isSound: false });
});
