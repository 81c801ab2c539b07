import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { instantOf, parseInstant } from "custody/ground";
import type { Bytes } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { linksOf, makeSigner, signEnvelope, signMetablock } from "./in-toto.testing.ts";
import type { TestLinks, TestSigner } from "./in-toto.testing.ts";
import { inTotoCodes, verifyLayout } from "./index.ts";
import type { Inspected, InTotoCode, LayoutQuestion, LinkSource } from "./index.ts";

const owner = makeSigner("owner");
const bob = makeSigner("b0b00000aa");
const carl = makeSigner("ca410000aa", "rsa");
const eve = makeSigner("e7e00000aa", "ecdsa");
const at = parseInstant("2026-01-01T00:00:00Z");
const one = { sha256: "1".repeat(64) };
const two = { sha256: "2".repeat(64) };

const write = {
  _type: "step",
  name: "write",
  pubkeys: [bob.keyid],
  threshold: 1,
  expected_command: [],
  expected_materials: [],
  expected_products: [["ALLOW", "foo.py"]],
};
const pack = {
  ...write,
  name: "package",
  pubkeys: [carl.keyid],
  expected_command: ["tar", "foo.py"],
  expected_materials: [
    ["MATCH", "foo.py", "WITH", "PRODUCTS", "FROM", "write"],
    ["DISALLOW", "*"],
  ],
  expected_products: [["ALLOW", "foo.tar"]],
};
const base = {
  _type: "layout",
  expires: "2030-01-01T00:00:00Z",
  readme: "",
  keys: { [bob.keyid]: bob.listed, [carl.keyid]: carl.listed },
  steps: [write, pack],
  inspect: [] as object[],
};
const written = { _type: "link", name: "write", command: ["vi"], materials: {}, products: { "foo.py": one } };
const packed = {
  ...written,
  name: "package",
  command: ["tar", "foo.py"],
  materials: { "foo.py": one },
  products: { "foo.tar": two },
};
const good: TestLinks = {
  "write.b0b00000": signMetablock(written, bob),
  "package.ca410000": signEnvelope(packed, carl),
};

interface Case extends Partial<Omit<LayoutQuestion, "layout" | "links">> {
  readonly layout?: object;
  readonly signed?: Bytes;
  readonly links?: TestLinks;
  readonly by?: readonly TestSigner[];
}

async function decide({ layout = base, signed, links = good, by = [owner], ...more }: Case): Promise<string> {
  const question = { keys: [owner.publicKey], at, ...more };
  const bytes = signed ?? signMetablock(layout, ...by);
  const verdict = await verifyLayout(nodeCrypto, { ...question, layout: bytes, links: linksOf(links) });
  return verdict.kind === "allowed"
    ? ["allowed", ...verdict.facts.warnings].join(": ")
    : `${verdict.kind} ${verdict.reasons[0].code} ${verdict.reasons[0].subject}`;
}

async function check(found: Case, expected: string): Promise<void> {
  assert.equal(await decide(found), expected);
}

/** An attack is refused with a code, and with this check off it passes. */
async function checkDrill(attack: Case, code: InTotoCode, subject: string): Promise<void> {
  await check(attack, `refused ${code} ${subject}`);
  const without = inTotoCodes.filter((one) => one === code);
  assert.match(await decide({ ...attack, without }), /^allowed/, `${code} is what stops it`);
}

test("a supply chain that follows its layout, as a metablock or a DSSE envelope, in Node and over WebCrypto", async () => {
  await check({}, "allowed");
  await check({ signed: signEnvelope(base, owner) }, "allowed");
  const question = { layout: signMetablock(base, owner), keys: [owner.publicKey], links: linksOf(good), at };
  const verdict = await verifyLayout(webCrypto, question);
  assert.ok(verdict.kind === "allowed");
  assert.deepEqual(verdict.facts.summary, { materials: {}, products: { "foo.tar": two } });
  assert.deepEqual(
    verdict.facts.steps.map(({ name, functionaries }) => [name, functionaries.length]),
    [
      ["write", 1],
      ["package", 1],
    ],
  );
});

test("every given key must have signed the layout, and without any nothing is verified", async () => {
  await checkDrill({ by: [eve] }, "in-toto/layout-unsigned", "layout");
  await checkDrill({ by: [] }, "in-toto/layout-unsigned", "layout");
  await checkDrill({ keys: [] }, "in-toto/layout-unsigned", "layout");
  const keys = [owner.publicKey, carl.publicKey];
  await checkDrill({ keys }, "in-toto/layout-unsigned", "layout");
  await check({ keys, by: [eve, carl, owner] }, "allowed");
  const changed = JSON.parse(Buffer.from(signMetablock(base, owner)).toString()) as {
    signed: { readme: string };
  };
  changed.signed.readme = "other";
  await check({ signed: Buffer.from(JSON.stringify(changed)) }, "refused in-toto/layout-unsigned layout");
});

test("a layout ends", async () => {
  await check({ at: parseInstant(base.expires) }, "allowed");
  await checkDrill({ at: instantOf(parseInstant(base.expires) + 1) }, "in-toto/layout-expired", "layout");
});

test("links that are not there, by nobody who may, or damaged", async () => {
  const { "write.b0b00000": link, ...rest } = good;
  await check({ links: rest }, "refused in-toto/link-missing write");
  await check(
    { links: { ...rest, "write.e7e00000": signMetablock(written, eve) } },
    "refused in-toto/link-untrusted write",
  );
  const impostor = { ...eve, keyid: bob.keyid };
  const forged = { ...rest, "write.b0b00000": signMetablock(written, impostor) };
  await checkDrill({ links: forged }, "in-toto/link-untrusted", "write");
  await check({ links: { ...rest, "write.anything": link as Bytes } }, "allowed");
  await check(
    { links: { ...good, "write.zzzzzzzz": Buffer.from("{}") } },
    "undecided in-toto/metadata layout",
  );
  await checkDrill(
    { links: { ...rest, "write.b0b00000": signMetablock(packed, bob) }, layout: { ...base, steps: [write] } },
    "in-toto/link-untrusted",
    "write",
  );
});

test("thresholds count keys, not their names, and those who count agree", async () => {
  const twoOf = { ...write, pubkeys: [bob.keyid, carl.keyid], threshold: 2 };
  const layout = { ...base, steps: [twoOf, pack] };
  await check({ layout }, "refused in-toto/link-missing write");
  const byBoth = { ...good, "write.ca410000": signMetablock(written, carl) };
  await check({ layout, links: byBoth }, "allowed");
  const alias = { ...bob, keyid: "b0b2222222" };
  const aliased = {
    ...layout,
    keys: { ...base.keys, [alias.keyid]: alias.listed },
    steps: [{ ...twoOf, pubkeys: [bob.keyid, alias.keyid] }, pack],
  };
  const twice = { ...good, "write.b0b22222": signMetablock(written, alias) };
  await check({ layout: aliased, links: twice }, "refused in-toto/link-untrusted write");
  const other = { ...written, products: { "foo.py": two } };
  await checkDrill(
    { layout, links: { ...good, "write.ca410000": signMetablock(other, carl) } },
    "in-toto/links-differ",
    "write",
  );
  await check(
    { layout: { ...base, steps: [{ ...write, threshold: 0 }] } },
    "undecided in-toto/metadata layout",
  );
});

test("artifacts flow as the layout says", async () => {
  const swapped = { ...packed, materials: { "foo.py": two } };
  await checkDrill(
    { links: { ...good, "package.ca410000": signMetablock(swapped, carl) } },
    "in-toto/artifact",
    "package",
  );
  const planted = { ...packed, materials: { "foo.py": one, "evil.py": two } };
  await checkDrill(
    { links: { ...good, "package.ca410000": signMetablock(planted, carl) } },
    "in-toto/artifact",
    "package",
  );
});

test("another command is a warning", async () => {
  const other = { ...packed, command: ["zip"] };
  await check(
    { links: { ...good, "package.ca410000": signMetablock(other, carl) } },
    'allowed: step package ran "zip"',
  );
});

test("parameters stand in commands and rules, and nobody's are guessed", async () => {
  const layout = {
    ...base,
    steps: [
      {
        ...write,
        expected_products: [
          ["ALLOW", "{name}.py"],
          ["DISALLOW", "*"],
        ],
      },
    ],
  };
  await check({ layout }, "refused in-toto/artifact write");
  await check({ layout, parameters: { name: "foo" } }, "allowed");
  await check({ layout, parameters: { other: "foo" } }, "undecided in-toto/metadata layout");
});

const inspection = {
  _type: "inspection",
  name: "untar",
  run: ["tar", "xf", "foo.tar"],
  expected_materials: [
    ["MATCH", "foo.tar", "WITH", "PRODUCTS", "FROM", "package"],
    ["DISALLOW", "foo.tar"],
  ],
  expected_products: [
    ["MATCH", "foo.py", "WITH", "PRODUCTS", "FROM", "write"],
    ["DISALLOW", "foo.py"],
  ],
};

function inspectorOf(inspected: Partial<Inspected>): NonNullable<LayoutQuestion["inspector"]> {
  const found = { exitCode: 0, materials: { "foo.tar": two }, products: { "foo.py": one }, ...inspected };
  return { inspect: async () => found };
}

test("inspections are run, must end well, and are held to their rules", async () => {
  const layout = { ...base, inspect: [inspection] };
  await check({ layout }, "undecided in-toto/no-inspector untar");
  await check({ layout, inspector: inspectorOf({}) }, "allowed");
  await checkDrill({ layout, inspector: inspectorOf({ exitCode: 1 }) }, "in-toto/inspection", "untar");
  await checkDrill(
    { layout, inspector: inspectorOf({ products: { "foo.py": two } }) },
    "in-toto/artifact",
    "untar",
  );
  await checkDrill(
    { layout, inspector: inspectorOf({ materials: { "foo.tar": one } }) },
    "in-toto/artifact",
    "untar",
  );
});

test("a sublayout stands for a step: verified by itself, signed by its functionary, with links of its own", async () => {
  const outer = {
    ...base,
    steps: [
      {
        ...pack,
        name: "all",
        expected_command: [],
        expected_materials: [],
        expected_products: [
          ["ALLOW", "foo.tar"],
          ["DISALLOW", "*"],
        ],
      },
    ],
  };
  const inner = signMetablock(base, carl);
  await check({ layout: outer, links: { "all.ca410000": inner, "all.ca410000/": linksOf(good) } }, "allowed");
  await check({ layout: outer, links: { "all.ca410000": inner } }, "refused in-toto/link-missing write");
  const expired = signMetablock({ ...base, expires: "2025-01-01T00:00:00Z" }, carl);
  await checkDrill(
    { layout: outer, links: { "all.ca410000": expired, "all.ca410000/": linksOf(good) } },
    "in-toto/layout-expired",
    "layout",
  );
  const own: TestLinks = { "all.ca410000": signMetablock(outer, carl) };
  const endless = linksOf(own);
  const loop: LinkSource = { findLinks: (step) => endless.findLinks(step), below: () => loop };
  const verdict = await verifyLayout(nodeCrypto, {
    layout: signMetablock(outer, owner),
    keys: [owner.publicKey],
    at,
    links: loop,
  });
  assert.ok(verdict.kind === "undecided");
  assert.match(verdict.reasons[0].message, /deeper than 8/);
});

test("what cannot be read strictly is not decided", async () => {
  for (const text of [
    "",
    "{",
    "[]",
    '{"signed":{},"signed":{},"signatures":[]}',
    '{"signed":1,"signatures":[]}',
  ]) {
    assert.match(await decide({ signed: Buffer.from(text) }), /^undecided/, text);
  }
  const bad: object[] = [
    { ...base, _type: "link" },
    { ...base, expires: "2030-01-01" },
    { ...base, steps: [write, write] },
    { ...base, steps: [{ ...write, name: "../write" }] },
    { ...base, steps: [{ ...write, expected_products: [["ALLOW"]] }] },
    { ...base, steps: [{ ...write, threshold: 1.5 }] },
    { ...base, inspect: [{ ...inspection, run: [] }] },
  ];
  for (const layout of bad) {
    assert.match(await decide({ signed: signEnvelope(layout, owner) }), /^undecided/, JSON.stringify(layout));
  }
});

test("a key of a kind that nothing here verifies vouches for nothing", async () => {
  for (const listed of [
    { ...bob.listed, keytype: "gpg" },
    { ...bob.listed, keyval: { public: "zz" } },
    { ...carl.listed, keytype: "ed25519" },
  ]) {
    const layout = { ...base, keys: { ...base.keys, [bob.keyid]: listed } };
    await check({ layout }, "refused in-toto/link-untrusted write");
  }
});
