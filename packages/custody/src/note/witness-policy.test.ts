import assert from "node:assert/strict";
import { test } from "node:test";

import { concatBytes, utf8 } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { formatVerifierKey, noteKeyOf, parseWitnessPolicy, verifierKeyOf } from "./index.ts";
import { makeSigner, makeWitness } from "./note.testing.ts";

const logSigner = makeSigner("ed25519");
const logKey = formatVerifierKey(noteKeyOf(webCrypto, "log.example/1", logSigner));
const [a, b, c] = ["ed25519", "ml-dsa-44", "ed25519"].map((scheme, i) =>
  makeWitness(webCrypto, `w${i}.example`, scheme as "ed25519"),
);
const [keyA, keyB, keyC] = [a, b, c].map((witness) => formatVerifierKey(witness!.key));
const three = `witness a ${keyA}\nwitness b ${keyB}\nwitness c ${keyC}\n`;

test("reads logs, witnesses, groups and the quorum, with comments and any white space", () => {
  const source = `# ours\n\n \tlog\t${logKey}  https://log.example/1 \nwitness a ${keyA} https://w0.example/\n  # two more
witness b ${keyB}\nwitness c ${keyC}\ngroup few 1 a b\ngroup\tmost  all few   c\nquorum most\n`;
  const { logs, witnesses, groups, quorum } = parseWitnessPolicy(webCrypto, utf8(source));
  assert.deepEqual(
    logs.map(({ key, url }) => [key.name, url]),
    [["log.example/1", "https://log.example/1"]],
  );
  assert.deepEqual(
    witnesses.map(({ name, key, url }) => [name, key.name, key.type, url]),
    [
      ["a", "w0.example", "cosignature/v1", "https://w0.example/"],
      ["b", "w1.example", "subtree/v1", undefined],
      ["c", "w2.example", "cosignature/v1", undefined],
    ],
  );
  assert.deepEqual(groups, [
    { name: "few", threshold: 1, members: ["a", "b"] },
    { name: "most", threshold: 2, members: ["few", "c"] },
  ]);
  assert.equal(quorum, "most");
});

test("takes 60 witnesses in a group, and names in any octets", () => {
  const makers = Array.from({ length: 60 }, (_, i) => makeWitness(webCrypto, `w${i}`));
  const lines = makers.map(({ key }, i) => `witness w${i} ${formatVerifierKey(key)}\n`).join("");
  const members = makers.map((_, i) => `w${i}`).join(" ");
  const many = parseWitnessPolicy(webCrypto, utf8(`${lines}group g 33 ${members}\nquorum g\n`));
  assert.equal(many.groups[0]?.threshold, 33);
  const more = `${lines}witness one-more ${formatVerifierKey(makeWitness(webCrypto, "x").key)}\nquorum w1\n`;
  assert.throws(() => parseWitnessPolicy(webCrypto, utf8(more)), { code: "note/policy" });
  const octets = concatBytes(utf8("witness "), new Uint8Array([0xff]), utf8(` ${keyA}\nquorum `));
  const named = parseWitnessPolicy(webCrypto, concatBytes(octets, new Uint8Array([0xff]), utf8("\n")));
  assert.equal(named.quorum, "\u00ff");
});

const renamedA = formatVerifierKey(verifierKeyOf(webCrypto, "z", "cosignature/v1", a!.key.publicKey));
const refused: Readonly<Record<string, string>> = {
  "no quorum": three,
  "two quorums": `${three}quorum a\nquorum b\n`,
  "a quorum that is not defined": `${three}quorum d\n`,
  "a quorum that is defined later": `quorum a\n${three}`,
  "a quorum of two": `${three}quorum a b\n`,
  "a threshold of 0": `${three}group g 0 a b\nquorum g\n`,
  "a threshold above the members": `${three}group g 3 a b\nquorum g\n`,
  "a threshold with a leading zero": `${three}group g 02 a b\nquorum g\n`,
  "a threshold that is no number": `${three}group g most a b\nquorum g\n`,
  "a group without members": `${three}group g all\nquorum g\n`,
  "a group of itself": `${three}group g any g\nquorum g\n`,
  "a member that is defined later": `${three}group g any a h\ngroup h any b\nquorum g\n`,
  "a member twice in one group": `${three}group g 2 a a\nquorum g\n`,
  "a member of two groups": `${three}group g any a b\ngroup h any a c\nquorum g\n`,
  "none as a member": `${three}group g any a none\nquorum g\n`,
  "none as a witness's name": `witness none ${keyA}\nquorum none\n`,
  "a name that is taken": `witness a ${keyA}\nwitness a ${keyC}\nquorum a\n`,
  "a group with a witness's name": `${three}group a any b\nquorum a\n`,
  "a witness's key twice": `witness a ${keyA}\nwitness b ${keyA}\nquorum a\n`,
  "a witness's key twice under two names": `witness a ${keyA}\nwitness b ${renamedA}\nquorum a\n`,
  "a log twice": `log ${logKey}\nlog ${logKey}\nquorum none\n`,
  "a log's key for a witness": `witness a ${logKey}\nquorum a\n`,
  "a witness's key for a log": `log ${keyA}\nquorum none\n`,
  "a key that is none": `witness a ${keyA!.slice(0, -4)}\nquorum a\n`,
  "a witness without a key": `witness a\nquorum a\n`,
  "more on a line than belongs there": `witness a ${keyA} https://a b\nquorum a\n`,
  "a word that is not known": `${three}threshold 2\nquorum a\n`,
  "a word in capitals": `${three}QUORUM a\n`,
  "no newline at the end": `${three}quorum a`,
  "a carriage return": `${three}quorum a\r\n`,
  "another control character": `${three}# \u0007\nquorum a\n`,
  nothing: "",
};
for (const [what, source] of Object.entries(refused)) {
  test(`refuses a policy with ${what}`, () => {
    assert.throws(() => parseWitnessPolicy(webCrypto, utf8(source)), { code: "note/policy" });
  });
}

test("takes the honest forms of what it refuses", () => {
  for (const source of [`${three}quorum a\n`, `${three}group g 2 a b\nquorum g\n`, "quorum none\n"]) {
    parseWitnessPolicy(webCrypto, utf8(source));
  }
});

test("says which line is wrong", () => {
  assert.throws(() => parseWitnessPolicy(webCrypto, utf8(`${three}quorum d\n`)), /line 4: /);
});
