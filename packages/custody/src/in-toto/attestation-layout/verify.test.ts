import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { instantOf, parseInstant, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";
import * as fc from "fast-check";

import { makeSigner, signEnvelope } from "../in-toto.testing.ts";
import type { TestSigner } from "../in-toto.testing.ts";
import { findLayoutDocument, verifyAttestationLayout } from "../index.ts";
import type { AttestationQuestion, InTotoCode } from "../index.ts";

const owner = makeSigner("owner");
const bob = makeSigner("bob");
const carl = makeSigner("carl", "ecdsa");
const dora = makeSigner("dora", "rsa");
const eve = makeSigner("eve");
const at = parseInstant("2026-01-01T00:00:00Z");
const one = { sha256: "1".repeat(64) };
const two = { sha256: "2".repeat(64) };
const types = {
  link: "https://in-toto.io/attestation/link/v0.3",
  test: "https://in-toto.io/attestation/test-result/v0.1",
  provenance: "https://slsa.dev/provenance/v1",
  provenanceV02: "https://slsa.dev/provenance/v0.2",
  svr: "https://in-toto.io/attestation/svr/v0.2",
};

type Fields = Readonly<Record<string, unknown>>;

/** A functionary as the layout's form lists one. */
function listed({ keyid, listed: known }: TestSigner): Fields {
  const { keytype, scheme, keyval } = known as { keytype: string; scheme: string; keyval: unknown };
  return { keyType: keytype, scheme, keyIDHashAlgorithms: ["sha256"], keyVal: keyval, keyID: keyid };
}

function statement(predicateType: string, name: string, digest: object, predicate: object): object {
  return { _type: "https://in-toto.io/Statement/v1", subject: [{ name, digest }], predicateType, predicate };
}

const clone = {
  name: "clone",
  expectedMaterials: ["DISALLOW *"],
  expectedProducts: ["CREATE foo", "DISALLOW *"],
  expectedPredicates: [
    {
      predicateType: types.link,
      expectedAttributes: [{ rule: "predicate.command == ['git', 'clone']" }] as Fields[],
      functionaries: ["bob"],
    },
  ] as Fields[],
};
const check1 = {
  name: "test",
  expectedMaterials: ["MATCH foo WITH products FROM clone", "DISALLOW *"],
  expectedPredicates: [
    {
      predicateType: types.test,
      expectedAttributes: [{ rule: "predicate.result == 'PASSED'" }, { rule: "size(subject) != 0" }],
      functionaries: ["carl"],
    },
  ],
};
const build = {
  name: "build",
  expectedMaterials: ["MATCH foo WITH products FROM clone", "DISALLOW *"],
  expectedProducts: ["CREATE bin/foo", "DISALLOW *"],
  expectedPredicates: [{ predicateType: types.provenance, functionaries: ["dora"] }],
};
const base = {
  expires: "2030-01-01T00:00:00Z",
  functionaries: { bob: listed(bob), carl: listed(carl), dora: listed(dora) } as Fields,
  steps: [clone, check1, build] as Fields[],
};

const cloned = statement(types.link, "foo", one, { name: "clone", command: ["git", "clone"] });
const tested = statement(types.test, "foo", one, { result: "PASSED", configuration: [] });
const built = statement(types.provenance, "bin/foo", two, {
  buildDefinition: { buildType: "x", resolvedDependencies: [{ name: "foo", digest: one }] },
  runDetails: { builder: { id: "b" } },
});
const good: Readonly<Record<string, Bytes>> = {
  "clone.bob.json": signEnvelope(cloned, bob),
  "test.carl.json": signEnvelope(tested, carl),
  "build.dora.json": signEnvelope(built, dora),
};

interface Case extends Partial<Omit<AttestationQuestion, "document" | "attestations">> {
  readonly layout?: object;
  readonly files?: Readonly<Record<string, Bytes>>;
  /** Who signs the layout; without, it is plain. */
  readonly by?: readonly TestSigner[];
}

async function decide({ layout = base, files = good, by, keys = [], ...more }: Case): Promise<string> {
  const document = findLayoutDocument(by ? signEnvelope(layout, ...by) : utf8(JSON.stringify(layout)));
  assert.ok(document);
  const list = Object.entries(files).map(([name, content]) => ({ name, content }));
  const attestations = { list: async () => list };
  const verdict = await verifyAttestationLayout(nodeCrypto, { document, keys, attestations, at, ...more });
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
  assert.match(await decide({ ...attack, without: [code] }), /^allowed/, `${code} is what stops it`);
}

const withStep = (step: Fields): object => ({
  ...base,
  steps: base.steps.map((old) => (old["name"] === step["name"] ? step : old)),
});

test("a supply chain that follows its layout, in Node and over WebCrypto", async () => {
  await check({}, "allowed");
  const document = findLayoutDocument(utf8(JSON.stringify(base)));
  assert.ok(document);
  const list = Object.entries(good).map(([name, content]) => ({ name, content }));
  const question = { document, keys: [], at, attestations: { list: async () => list } };
  const verdict = await verifyAttestationLayout(webCrypto, question);
  assert.ok(verdict.kind === "allowed");
  assert.deepEqual(verdict.facts.summary, { materials: {}, products: { "bin/foo": two } });
  assert.deepEqual(
    verdict.facts.steps.map(({ name, functionaries }) => [name, functionaries.length]),
    [
      ["clone", 1],
      ["test", 1],
      ["build", 1],
    ],
  );
});

test("a layout may be signed, then by every key that is given; a signed one is never taken unverified", async () => {
  await check({ by: [owner], keys: [owner.publicKey] }, "allowed");
  await checkDrill({ by: [owner] }, "in-toto/layout-unsigned", "layout");
  await checkDrill({ by: [eve], keys: [owner.publicKey] }, "in-toto/layout-unsigned", "layout");
  await checkDrill({ keys: [owner.publicKey] }, "in-toto/layout-unsigned", "layout");
  const both = [owner.publicKey, bob.publicKey];
  await checkDrill({ by: [owner], keys: both }, "in-toto/layout-unsigned", "layout");
});

test("a layout ends", async () => {
  await check({ at: parseInstant(base.expires) }, "allowed");
  await checkDrill({ at: instantOf(parseInstant(base.expires) + 1) }, "in-toto/layout-expired", "layout");
});

test("a step counts what those who may signed, of the type that is expected", async () => {
  const { "clone.bob.json": link, ...rest } = good;
  assert.ok(link);
  await check({ files: rest }, "refused in-toto/claim-missing clone");
  await check(
    { files: { ...rest, "clone.eve.json": signEnvelope(cloned, eve) } },
    "refused in-toto/claim-missing clone",
  );
  await check(
    { files: { ...rest, "clone.carl.json": signEnvelope(cloned, carl) } },
    "refused in-toto/claim-missing clone",
  );
  await check(
    { files: { ...rest, "clone.bob.json": signEnvelope(cloned, { ...eve, keyid: "bob" }) } },
    "refused in-toto/claim-missing clone",
  );
  const other = statement("https://example.org/other", "foo", one, { command: ["git", "clone"] });
  await check(
    { files: { ...rest, "clone.bob.json": signEnvelope(other, bob) } },
    "refused in-toto/claim-missing clone",
  );
  await check(
    { files: { ...rest, "clone.bob.json": signEnvelope(cloned, { ...bob, keyid: "x" }) } },
    "allowed",
  );
});

test("an envelope in a Sigstore bundle counts by who signed it, as any other", async () => {
  const bundleOf = (content: Bytes): Bytes => utf8(`{"dsseEnvelope":${Buffer.from(content).toString()}}`);
  const inBundle = { ...good, "clone.bob.json": bundleOf(signEnvelope(cloned, bob)) };
  await check({ files: inBundle }, "allowed");
  const byEve = { ...good, "clone.bob.json": bundleOf(signEnvelope(cloned, eve)) };
  await check({ files: byEve }, "refused in-toto/claim-missing clone");
});

test("a file's name offers an attestation for a step, and a link that names another step is not of that one", async () => {
  const { "clone.bob.json": link, "test.carl.json": result, ...rest } = good;
  assert.ok(link && result);
  await check({ files: { ...rest, "test.carl.json": result, "anything.json": link } }, "allowed");
  await check(
    { files: { ...rest, "clone.bob.json": link, "anything.json": result } },
    "refused in-toto/claim-missing test",
  );
  const renamed = statement(types.link, "foo", one, { name: "fetch", command: ["git", "clone"] });
  await check(
    { files: { ...good, "clone.bob.json": signEnvelope(renamed, bob) } },
    "refused in-toto/claim-missing clone",
  );
});

test("materials and products follow the rules of their step", async () => {
  const swapped = statement(types.test, "foo", two, { result: "PASSED" });
  const files = { ...good, "test.carl.json": signEnvelope(swapped, carl) };
  await checkDrill({ files }, "in-toto/artifact", "test");
  await checkDrill(
    { layout: withStep({ ...build, expectedProducts: ["DISALLOW bin/*"] }) },
    "in-toto/artifact",
    "build",
  );
  await checkDrill(
    { layout: withStep({ ...build, expectedMaterials: ["REQUIRE bar"] }) },
    "in-toto/artifact",
    "build",
  );
  const twice = {
    ...statement(types.link, "foo", one, { name: "clone", command: ["git", "clone"] }),
    subject: [
      { name: "foo", digest: one },
      { name: "foo", digest: two },
    ],
  };
  await check(
    { files: { ...good, "clone.bob.json": signEnvelope(twice, bob) } },
    "refused in-toto/artifact test",
  );
});

test("nobody but a step's functionaries says what it made", async () => {
  const { "clone.bob.json": link, ...rest } = good;
  assert.ok(link);
  const planted = signEnvelope(statement(types.link, "foo", two, { name: "clone", command: [] }), carl);
  const swapped = signEnvelope(statement(types.test, "foo", two, { result: "PASSED" }), carl);
  const files = { ...rest, "clone.bob.json": link, "clone.carl.json": planted, "test.carl.json": swapped };
  await check({ files }, "refused in-toto/artifact test");
});

test("fields follow the rules of their predicate, and a rule that cannot be judged is no yes", async () => {
  const withRule = (...expectedAttributes: Fields[]): object =>
    withStep({
      ...clone,
      expectedPredicates: [{ ...clone.expectedPredicates[0], expectedAttributes }],
    });
  await checkDrill(
    { layout: withRule({ rule: "predicate.command == ['rm']" }) },
    "in-toto/attribute",
    "clone",
  );
  for (const rule of ["predicate.other == 1", "predicate.command ==", "1", "other", "predicate.name.foo()"])
    await checkDrill({ layout: withRule({ rule }) }, "in-toto/attribute", "clone");
  await check({ layout: withRule({ rule: "predicate.other == 1", allowIfNoClaim: true }) }, "allowed");
  await check(
    { layout: withRule({ rule: "predicate.name == 'x'", allowIfNoClaim: true }) },
    "refused in-toto/attribute clone",
  );
  await check(
    { layout: withRule({ rule: "predicate.name == 'x'", warn: true }) },
    `allowed: clone.bob.json: the rule "predicate.name == 'x'" does not hold`,
  );
  await check(
    { layout: withRule({ rule: "predicate.other == 1", warn: true }) },
    "refused in-toto/attribute clone",
  );
});

test("thresholds count keys, not their names, and those who count agree", async () => {
  const expected = { predicateType: types.link, functionaries: ["bob", "carl"], threshold: 2 };
  const layout = withStep({ ...clone, expectedPredicates: [expected] });
  await check({ layout }, "refused in-toto/claim-missing clone");
  await check({ layout, files: { ...good, "clone.carl.json": signEnvelope(cloned, carl) } }, "allowed");
  await check({ layout, files: { ...good, "clone.bob.json": signEnvelope(cloned, bob, carl) } }, "allowed");
  const alias = {
    ...(layout as typeof base),
    functionaries: { ...base.functionaries, carl: listed({ ...bob, keyid: "carl" }) },
    steps: [{ ...clone, expectedPredicates: [expected] }],
  };
  await check({ layout: alias }, "refused in-toto/claim-missing clone");
  const differing = statement(types.link, "foo", two, { name: "clone", command: ["git", "clone"] });
  const apart = { ...good, "clone.carl.json": signEnvelope(differing, carl) };
  const alone = { ...base, steps: [{ ...clone, expectedPredicates: [expected] }] };
  await checkDrill({ layout: alone, files: apart }, "in-toto/claims-differ", "clone");
});

test("what must be said of products is said of those very products", async () => {
  const said = statement(types.svr, "any name", two, { properties: ["GOOD"] });
  const expected = {
    predicateType: types.svr,
    functionaries: ["carl"],
    expectedAttributes: [{ rule: "'GOOD' in predicate.properties" }],
  };
  const subjectsOf = (subject: string): object => ({
    ...base,
    subjects: [{ subject: [subject], expectedPredicates: [expected] }],
  });
  const layout = subjectsOf("bin/*");
  const files = { ...good, "verdict.json": signEnvelope(said, carl) };
  await check({ layout, files }, "allowed");
  await checkDrill({ layout }, "in-toto/subject", "bin/foo");
  await check({ layout: subjectsOf("lib/*"), files }, "refused in-toto/subject lib/*");
  const byBob = { ...good, "verdict.json": signEnvelope(said, bob) };
  await check({ layout, files: byBob }, "refused in-toto/subject bin/foo");
  const ofAnother = signEnvelope(statement(types.svr, "bin/foo", one, { properties: ["GOOD"] }), carl);
  await check({ layout, files: { ...good, "verdict.json": ofAnother } }, "refused in-toto/subject bin/foo");
  const bad = signEnvelope(statement(types.svr, "bin/foo", two, { properties: [] }), carl);
  await checkDrill({ layout, files: { ...good, "verdict.json": bad } }, "in-toto/attribute", "bin/foo");
});

test("SLSA provenance v0.2 names its materials by their URIs", async () => {
  const layout = withStep({
    ...build,
    expectedMaterials: ["ALLOW git+https://example.org/foo", "DISALLOW *"],
    expectedPredicates: [{ predicateType: types.provenanceV02, functionaries: ["dora"] }],
  });
  const made = (uri: string): Bytes =>
    signEnvelope(
      statement(types.provenanceV02, "bin/foo", two, { materials: [{ uri, digest: { sha1: "1" } }] }),
      dora,
    );
  await check(
    { layout, files: { ...good, "build.dora.json": made("git+https://example.org/foo") } },
    "allowed",
  );
  await checkDrill(
    { layout, files: { ...good, "build.dora.json": made("git+https://example.org/bar") } },
    "in-toto/artifact",
    "build",
  );
});

test("what cannot be read is undecided, and so is an inspection that nobody runs", async () => {
  await check({ files: { ...good, "x.json": utf8("{}") } }, "undecided dsse/envelope layout");
  await check(
    { files: { ...good, "x.json": signEnvelope({ _type: "other" }, bob) } },
    "undecided in-toto/metadata layout",
  );
  await check({ files: { ...good, "x.json": signEnvelope({ _type: "other" }, eve) } }, "allowed");
  await check(
    { layout: { ...base, inspections: [{ name: "look" }] } },
    "undecided in-toto/no-inspector look",
  );
  for (const change of [
    { steps: [] },
    { steps: [clone, clone] },
    { expires: "tomorrow" },
    { steps: [{ ...clone, expectedPredicates: [] }] },
    { steps: [{ ...clone, expectedPredicates: [{ ...clone.expectedPredicates[0], threshold: 0 }] }] },
    { steps: [{ ...clone, expectedPredicates: [{ ...clone.expectedPredicates[0], functionaries: [] }] }] },
    {
      steps: [{ ...clone, expectedPredicates: [{ ...clone.expectedPredicates[0], functionaries: ["eve"] }] }],
    },
    { steps: [{ ...clone, expectedMaterials: ["PERMIT *"] }] },
    { steps: [{ ...clone, expectedMaterial: ["DISALLOW *"] }] },
    { functionaries: { ...base.functionaries, bob: { ...listed(bob), keyID: "carl" } } },
  ]) {
    assert.match(
      await decide({ layout: { ...base, ...change } }),
      /^undecided (?:in-toto\/metadata|instant\/)/,
      JSON.stringify(change),
    );
  }
});

test("parameters stand for what differs from one product to the next, in rules and in CEL", async () => {
  const published = "https://example.org/publish/v0.1";
  const layout = {
    ...base,
    steps: [
      {
        name: "build",
        expectedMaterials: ["ALLOW git+https://example.org/{repository}@{ref}", "DISALLOW *"],
        expectedProducts: ["CREATE pkg:npm/{package}@{version}", "DISALLOW *"],
        expectedPredicates: [
          {
            predicateType: types.provenanceV02,
            expectedAttributes: [{ rule: "predicate.invocation.configSource.uri == '{source}'" }],
            functionaries: ["dora"],
          },
        ],
      },
      {
        name: "publish",
        expectedMaterials: ["MATCH * WITH products FROM build", "DISALLOW *"],
        expectedPredicates: [
          {
            predicateType: published,
            expectedAttributes: [
              { rule: "predicate.name == '{package}' && predicate.version == '{version}'" },
            ],
            functionaries: ["carl"],
          },
        ],
      },
    ],
  };
  const source = "git+https://example.org/foo@refs/heads/main";
  const made = statement(types.provenanceV02, "pkg:npm/foo@1.2.0", one, {
    invocation: { configSource: { uri: source } },
    materials: [{ uri: source, digest: { sha1: "1" } }],
  });
  const put = statement(published, "pkg:npm/foo@1.2.0", one, { name: "foo", version: "1.2.0" });
  const files = { "build.dora.json": signEnvelope(made, dora), "publish.carl.json": signEnvelope(put, carl) };
  const parameters = {
    package: "foo",
    version: "1.2.0",
    repository: "{package}",
    ref: "refs/heads/main",
    source: "git+https://example.org/{repository}@{ref}",
  };
  await check({ layout, files, parameters }, "allowed");
  await check(
    { layout, files, parameters: { ...parameters, version: "1.2.1" } },
    "refused in-toto/artifact build",
  );
  const elsewhere = { ...parameters, source: "git+https://example.org/bar" };
  await checkDrill({ layout, files, parameters: elsewhere }, "in-toto/attribute", "build");
  await check({ layout, files }, "undecided in-toto/metadata layout");
  const ending = { ...parameters, source: "x' || true || '" };
  await check({ layout, files, parameters: ending }, "undecided in-toto/metadata layout");
});

test("no changed byte of what somebody signed counts, wherever it stands", async () => {
  for (const [name, content] of Object.entries(good)) {
    const envelope = JSON.parse(Buffer.from(content).toString()) as { payload: string };
    const payload = Buffer.from(envelope.payload, "base64");
    for (let at = 0; at < payload.length; at += 7) {
      const bent = Buffer.from(payload);
      bent[at] = (bent[at] ?? 0) ^ 1;
      const changed = utf8(JSON.stringify({ ...envelope, payload: bent.toString("base64") }));
      assert.match(await decide({ files: { ...good, [name]: changed } }), /^refused in-toto\/claim-missing/);
    }
  }
});

test("no layout whatever is too much: a bent one is refused, undecided, or means the same", async () => {
  const paths = ["expires", "functionaries", "steps", "subjects", "inspections"] as const;
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant([clone]), fc.constant([]));
  const property = fc.asyncProperty(fc.constantFrom(...paths), value, async (path, bent) => {
    const said = await decide({ layout: { ...base, [path]: bent } });
    const isHarmless =
      ["subjects", "inspections"].includes(path) &&
      (bent === null || (Array.isArray(bent) && bent.length === 0));
    const isSame = path === "steps" && Array.isArray(bent) && bent[0] === clone;
    assert.ok(
      isHarmless || isSame || !said.startsWith("allowed"),
      `${path}: ${JSON.stringify(bent)}: ${said}`,
    );
  });
  await fc.assert(property, { seed: 4, numRuns: 500 });
});
