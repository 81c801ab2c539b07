import assert from "node:assert/strict";
import { before, test } from "node:test";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { makeTrust } from "custody/authority/attestor.testing";
import { formatTrustedRoot, formatWitnessDemand } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import { instantOf } from "custody/ground";
import { cosignerKeyOf, formatVerifierKey } from "custody/note";

import { describeTrust } from "./describe-trust.ts";
import { readTrust } from "./read-trust.ts";
import { trustChanges } from "./trust-changes.ts";

const describe = (root: TrustedRoot) => describeTrust(nodeCrypto, root);
let root: TrustedRoot;
let other: TrustedRoot;

before(async () => {
  [root, other] = [(await makeTrust()).authorities.trustedRoot, (await makeTrust()).authorities.trustedRoot];
});

function changes(a: TrustedRoot, b: TrustedRoot): string[] {
  const all = trustChanges(describe(a).parties, describe(b).parties);
  return [...new Set(all.map(({ kind, party }) => `${kind}: ${party.role}`))];
}

test("the same root is the same, by its revision and by all whom it names", () => {
  const again = readTrust(nodeCrypto, {
    root: JSON.stringify(formatTrustedRoot(root)),
    witnesses: undefined,
  });
  assert.deepEqual(changes(root, again), []);
  assert.equal(describe(again).revision, describe(root).revision);
  assert.match(describe(root).revision, /^sha256:[0-9a-f]{64}$/);
});

test("who has another key under the same name went, and came", () => {
  const rows = [
    [{ logs: other.logs }, "log"],
    [{ authorities: other.authorities }, "certificates by"],
    [{ timestampAuthorities: other.timestampAuthorities }, "timestamps by"],
  ] as const;
  for (const [changed, role] of rows) {
    const next = { ...root, ...changed };
    assert.deepEqual(changes(root, next), [`went: ${role}`, `came: ${role}`]);
    assert.notEqual(describe(next).revision, describe(root).revision);
  }
  assert.deepEqual(describe(other).logs, describe(root).logs, "the names are the same");
});

test("a log that ends counts for another time", () => {
  const ended = root.logs.map((log) => ({ ...log, validFor: { ...log.validFor, end: instantOf(9e12) } }));
  assert.deepEqual(changes(root, { ...root, logs: ended }), ["other time: log"]);
});

test("witnesses come, and with another quorum their rule is another", async () => {
  const lines = await Promise.all(
    ["a", "b"].map(async (name) => {
      const signer = await generateSigner("ed25519");
      return `witness ${name} ${formatVerifierKey(cosignerKeyOf(nodeCrypto, { name: `${name}.example`, signer }))}\n`;
    }),
  );
  const withQuorum = (threshold: number): TrustedRoot => {
    const text = `${lines.join("")}group some ${threshold} a b\nquorum some\n`;
    const witnesses = JSON.stringify(formatWitnessDemand(text, instantOf(0)));
    return readTrust(nodeCrypto, { root: JSON.stringify(formatTrustedRoot(root)), witnesses });
  };
  const came = ["came: witness", "came: rule of the witnesses"];
  assert.deepEqual(changes(root, withQuorum(2)), came);
  const weakened = ["went: rule of the witnesses", "came: rule of the witnesses"];
  assert.deepEqual(changes(withQuorum(2), withQuorum(1)), weakened);
  assert.deepEqual(changes(withQuorum(2), withQuorum(2)), [], "the control");
});
