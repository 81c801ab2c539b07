import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { attest } from "custody/authority";
import { makeTrust } from "custody/authority/attestor.testing";
import { canonicalJson, digestOf, instantOf, utf8 } from "custody/ground";
import { cosignCheckpoint, formatNote, formatVerifierKey, noteKeyOf, parseNote } from "custody/note";
import type { NoteSignature } from "custody/note";
import { spiffeIdOf } from "custody/spiffe";

import { makeWitness } from "../note/note.testing.ts";
import { Examination, examineBundle, formatWitnessDemand, parseWitnessDemand, revisionOf } from "./index.ts";
import type { RefusalCode, WitnessDemand } from "./index.ts";

const trust = await makeTrust();
const { trustedRoot, trustDomain } = trust.authorities;
const identity = spiffeIdOf(trustDomain, "repository", "hello", "step", "build");
const statement = {
  subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }],
  predicateType: "https://example.org/predicate",
  predicate: {},
};
const now = trust.clock.now();
const [w1, w2, w3] = ["w1", "w2", "w3"].map((name, i) =>
  makeWitness(nodeCrypto, name, i === 2 ? "ml-dsa-44" : "ed25519"),
);
const text = [w1, w2, w3]
  .map((witness) => `witness ${witness!.key.name} ${formatVerifierKey(witness!.key)}\n`)
  .join("");
const twoOfThree = parseWitnessDemand(nodeCrypto, utf8(`${text}group g 2 w1 w2 w3\nquorum g\n`));

type Cosign = (text: string) => Promise<readonly NoteSignature[]>;
const by =
  (...witnesses: (typeof w1)[]): Cosign =>
  (signed) =>
    Promise.all(witnesses.map((witness) => cosignCheckpoint(nodeCrypto, witness!.cosigner, signed, now)));

/** An attestation of a log whose checkpoints carry these cosignatures. */
async function attested(cosign: Cosign) {
  const append: typeof trust.ports.log.append = async (entry) => {
    const appended = await trust.ports.log.append(entry);
    const { text: signed, signatures } = parseNote(appended.checkpoint);
    const checkpoint = formatNote({ text: signed, signatures: [...signatures, ...(await cosign(signed))] });
    return { ...appended, checkpoint };
  };
  return (await attest({ ...trust.ports, log: { append } }, trust.authorities, identity, statement)).bytes;
}

async function check(
  cosign: Cosign,
  expected: string,
  witnesses: WitnessDemand = twoOfThree,
  without: RefusalCode[] = [],
) {
  const root = { ...trustedRoot, witnesses };
  const examined = await examineBundle(nodeCrypto, await attested(cosign), root, new Examination(without));
  assert.equal(examined.kind === "verified" ? "verified" : examined.reason.code, expected);
}

/** Refused with the code; accepted when only that check is off, and so is the honest input. */
async function checkAttack(cosign: Cosign, code: RefusalCode, witnesses?: WitnessDemand) {
  await check(cosign, code, witnesses);
  await check(cosign, "verified", witnesses, [code]);
}

test("takes an attestation whose checkpoint enough witnesses cosigned, with either kind of key", async () => {
  await check(by(w1, w2), "verified");
  await check(by(w1, w3), "verified");
  await check(by(w1, w2, w3), "verified");
});

test("has room for the cosignatures of forty witnesses with ML-DSA-44", async () => {
  const many = Array.from({ length: 40 }, (_, i) => makeWitness(nodeCrypto, `m${i}`, "ml-dsa-44"));
  const lines = many.map(({ key }) => `witness ${key.name} ${formatVerifierKey(key)}\n`).join("");
  const all = `${lines}group g all ${many.map(({ key }) => key.name).join(" ")}\nquorum g\n`;
  const demand = parseWitnessDemand(nodeCrypto, utf8(all));
  await check(by(...many), "verified", demand);
  await checkAttack(by(...many.slice(1)), "evidence/not-witnessed", demand);
});

test("refuses one whose checkpoint too few cosigned, and strangers do not help", async () => {
  const stranger = makeWitness(nodeCrypto, "w2");
  await checkAttack(by(), "evidence/not-witnessed");
  await checkAttack(by(w1), "evidence/not-witnessed");
  await checkAttack(by(w1, stranger), "evidence/not-witnessed");
});

test("counts a witness once, however often it cosigned", async () => {
  await checkAttack(by(w1, w1), "evidence/not-witnessed");
  const later: Cosign = async (signed) => [
    ...(await by(w1)(signed)),
    await cosignCheckpoint(nodeCrypto, w1!.cosigner, signed, instantOf(now + 1000)),
  ];
  await checkAttack(later, "evidence/not-witnessed");
});

test("refuses a cosignature of another checkpoint, even beside enough good ones", async () => {
  const moved: Cosign = async (signed) => [
    ...(await by(w1, w2)(signed)),
    ...(await by(w3)(signed.replace(/\n\d+\n/, "\n4711\n"))),
  ];
  await checkAttack(moved, "evidence/cosignature-invalid");
});

test("refuses a cosignature whose time was altered", async () => {
  const altered: Cosign = async (signed) => {
    const [first, second, third] = await by(w1, w2, w3)(signed);
    third!.signature[7]! ^= 1;
    return [first!, second!, third!];
  };
  await checkAttack(altered, "evidence/cosignature-invalid");
});

test("refuses a cosignature that is older than the signature, but for what clocks may differ by", async () => {
  const at =
    (milliseconds: number): Cosign =>
    (signed) =>
      Promise.all(
        [w1, w2].map((witness) =>
          cosignCheckpoint(nodeCrypto, witness!.cosigner, signed, instantOf(now + milliseconds)),
        ),
      );
  await checkAttack(at(-3_600_000), "evidence/cosignature-time");
  await check(at(-240_000), "verified");
  await check(at(3_600_000), "verified");
});

test("asks for no witness where there is no policy, or the signature is older than it", async () => {
  const examined = await examineBundle(nodeCrypto, await attested(by()), trustedRoot, new Examination());
  assert.equal(examined.kind, "verified");
  const starting = (start: number) =>
    parseWitnessDemand(nodeCrypto, canonicalJson(formatWitnessDemand(twoOfThree.text, instantOf(start))));
  await check(by(), "verified", starting(now + 1000));
  await checkAttack(by(), "evidence/not-witnessed", starting(now));
});

test("takes the checkpoints of no other log than the policy names", async () => {
  const ownKey = formatVerifierKey(noteKeyOf(nodeCrypto, `${trustDomain}/log`, trust.logSigner));
  const otherKey = formatVerifierKey(noteKeyOf(nodeCrypto, `${trustDomain}/log`, w1!.cosigner.signer));
  const naming = (key: string) => parseWitnessDemand(nodeCrypto, utf8(`log ${key}\n${twoOfThree.text}`));
  await check(by(w1, w2), "verified", naming(ownKey));
  await checkAttack(by(w1, w2), "evidence/not-witnessed", naming(otherKey));
});

test("reads a policy alone and with its beginning, and no other JSON", () => {
  const source = JSON.stringify(formatWitnessDemand(twoOfThree.text, now));
  assert.equal(parseWitnessDemand(nodeCrypto, utf8(source)).start, now);
  assert.deepEqual(parseWitnessDemand(nodeCrypto, utf8(source)).policy, twoOfThree.policy);
  for (const other of [
    "{}",
    source.replace("v1+json", "v2+json"),
    source.replace('"policy"', '"more":1,"policy"'),
  ]) {
    assert.throws(() => parseWitnessDemand(nodeCrypto, utf8(other)), { code: "evidence/witness-policy" });
  }
  assert.throws(() => parseWitnessDemand(nodeCrypto, utf8("quorum g\n")), { code: "note/policy" });
});

test("trust with another policy, or none, is another state of trust", () => {
  const digest = (bytes: Uint8Array) => digestOf(nodeCrypto, bytes);
  const states = [undefined, twoOfThree, { ...twoOfThree, start: now }].map((witnesses) =>
    revisionOf(digest, witnesses ? { ...trustedRoot, witnesses } : trustedRoot),
  );
  assert.equal(new Set(states).size, 3);
});
