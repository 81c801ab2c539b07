import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeTrust } from "custody/authority/attestor.testing";
import type { TestTrust } from "custody/authority/attestor.testing";
import { parseJson, parseUtf8, utf8 } from "custody/ground";
import { parseSpiffeId } from "custody/spiffe";

import { Examination, examineBundle, formatBundle, parseBundle } from "./index.ts";

interface WrittenEntry {
  logIndex?: string;
  readonly inclusionProof: { logIndex?: string; treeSize?: string };
}

/** The bundle of another attestation of the log, as a writer left it. */
async function attestAnd(trust: TestTrust, change: (entry: WrittenEntry) => void): Promise<string> {
  const { bytes } = await trust.attest(parseSpiffeId("spiffe://example.org/gate"), {
    subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }],
    predicateType: "https://example.org/review/v1",
    predicate: {},
  });
  const bundle = JSON.parse(parseUtf8(bytes)) as {
    readonly verificationMaterial: { readonly tlogEntries: readonly [WrittenEntry] };
  };
  change(bundle.verificationMaterial.tlogEntries[0]);
  const examined = await examineBundle(
    nodeCrypto,
    utf8(JSON.stringify(bundle)),
    trust.authorities.trustedRoot,
    new Examination(),
  );
  return examined.kind === "verified" ? String(examined.bundle.logged?.index) : examined.reason.code;
}

test("the first entry of a log verifies, though the JSON of protobuf leaves its index out", async () => {
  const withoutIndexes = (entry: WrittenEntry): void => {
    assert.equal(entry.logIndex, "0");
    delete entry.logIndex;
    delete entry.inclusionProof.logIndex;
  };
  assert.equal(await attestAnd(await makeTrust(), withoutIndexes), "0");
  assert.equal(await attestAnd(await makeTrust(), () => undefined), "0");
});

test("the media type is one of the two that version 0.3 has", async () => {
  const trust = await makeTrust();
  const { bytes } = await trust.attest(parseSpiffeId("spiffe://example.org/gate"), {
    subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }],
    predicateType: "https://example.org/review/v1",
    predicate: {},
  });
  const bundle = JSON.parse(parseUtf8(bytes)) as object;
  const read = (mediaType: string) => () => parseBundle(utf8(JSON.stringify({ ...bundle, mediaType })));
  const name = "application/vnd.dev.sigstore.bundle";
  for (const good of [`${name}.v0.3+json`, `${name}+json;version=0.3`]) assert.doesNotThrow(read(good));
  for (const bad of [`${name}+json;version=0.2`, `${name}.v0.4+json`, `${name}+json`, ""]) {
    assert.throws(read(bad), { code: "evidence/bundle" }, bad);
  }
});

test("an index that is left out is 0, and nothing else", async () => {
  const rows: readonly (readonly [string, (entry: WrittenEntry) => void])[] = [
    ["evidence/log-proof-invalid", (entry) => delete entry.inclusionProof.logIndex],
    ["evidence/bundle", (entry) => delete entry.inclusionProof.treeSize],
    ["evidence/bundle", (entry) => (entry.logIndex = "")],
    ["1", () => undefined],
  ];
  for (const [expected, change] of rows) {
    const trust = await makeTrust();
    await attestAnd(trust, () => undefined);
    assert.equal(await attestAnd(trust, change), expected, String(change));
  }
});

test("a bundle that is read and written again is the same", async () => {
  const trust = await makeTrust();
  const { bytes } = await trust.attest(parseSpiffeId("spiffe://example.org/gate"), {
    subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }],
    predicateType: "https://example.org/review/v1",
    predicate: {},
  });
  assert.deepEqual(parseJson(formatBundle(parseBundle(bytes))), parseJson(bytes));
});
