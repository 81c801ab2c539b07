import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { toBase64 } from "custody/ground";
import type { Json } from "custody/ground";

import { at, bend, bytesOf } from "./bend.testing.ts";
import { ask, forgeBundle, makeWorld } from "./forge.testing.ts";
import { parseSigstoreRoot } from "./trusted-root.ts";
import { verifySigstoreBundle } from "./verify.ts";

const world = await makeWorld();
const read = (json: Json) => parseSigstoreRoot(bytesOf(json));

test("reads both versions, and operators where they are named", () => {
  const second = bend(world.root, "mediaType", "application/vnd.dev.sigstore.trustedroot.v0.2+json");
  const root = read(bend(second, "tlogs.0.operator", "example.org"));
  assert.deepEqual(
    root.logs.map(({ origin, operator }) => [origin, operator]),
    [
      ["rekor.example.org", "example.org"],
      ["log2026.example.org", ""],
    ],
  );
});

test("a log signs under its URL, with or without scheme and final slash", async () => {
  const bundle = await forgeBundle(world);
  for (const url of ["rekor.example.org", "https://rekor.example.org/", "http://rekor.example.org"]) {
    const question = ask(bundle, bend(world.root, "tlogs.0.baseUrl", url));
    assert.equal((await verifySigstoreBundle({ crypto: nodeCrypto }, question)).kind, "allowed", url);
  }
  for (const url of ["rekor.example.or", "rekor.example.org.evil", "evil/rekor.example.org", undefined]) {
    const question = ask(bundle, bend(world.root, "tlogs.0.baseUrl", url));
    assert.equal((await verifySigstoreBundle({ crypto: nodeCrypto }, question)).kind, "refused", url);
  }
});

test("a log is known by its checkpoint key id where it has no other", () => {
  const id = at(world.root, "tlogs.1.logId");
  const root = bend(bend(world.root, "tlogs.1.logId", undefined), "tlogs.1.checkpointKeyId", id);
  assert.deepEqual(read(root).logs[1], read(world.root).logs[1]);
  assert.throws(() => read(bend(world.root, "tlogs.1.logId", undefined)), {
    code: "sigstore/root-malformed",
  });
});

test("passes over keys of kinds that it does not know", () => {
  assert.equal(read(bend(world.root, "tlogs.0.publicKey.keyDetails", "LMS_SHA256")).logs.length, 1);
});

test("refuses what is no trusted root", () => {
  const wrong = [
    bend(world.root, "mediaType", "application/json"),
    bend(world.root, "mediaType", undefined),
    bend(world.root, "tlogs.0.hashAlgorithm", "SHA2_512"),
    bend(world.root, "tlogs.0.publicKey.rawBytes", "?"),
    bend(world.root, "tlogs.0.publicKey.validFor.end", "tomorrow"),
    bend(world.root, "certificateAuthorities.0.certChain.certificates", []),
    bend(
      world.root,
      "certificateAuthorities.0.certChain.certificates.0.rawBytes",
      toBase64(new Uint8Array(9)),
    ),
    bend(
      world.root,
      "tlogs",
      Array.from({ length: 65 }, () => at(world.root, "tlogs.0")),
    ),
  ];
  for (const json of wrong) assert.throws(() => read(json), { code: "sigstore/root-malformed" });
});
