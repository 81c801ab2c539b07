import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

import type { RuleSet } from "custody/evidence";
import { parseModules } from "custody/rego";
import type { Source } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";
import { Coverage } from "custody/rego/cover";
import { TestSuite } from "custody/rego/test";

import { factSchemas, gateNames, Gates } from "./index.ts";
import type { GateFacts, GateName } from "./index.ts";

const top = resolve(import.meta.dirname, "../../../../..");
const gates = new Gates();
const step = {
  name: "source",
  predicateType: "p",
  identity: "i",
  signedAt: "t",
  materials: [],
  products: [],
};
const base = { at: "2026-01-02T03:04:05Z", repository: "greeter", image: "sha256:03" };
const verified: GateFacts<"admit"> = {
  ...base,
  policyRevision: "sha256:04",
  trustRevision: "sha256:05",
  chain: { verdict: "allowed", reasons: [], steps: [step] },
};

function rulesOf(text: string, kind: RuleSet["scope"]["kind"] = "repository"): RuleSet {
  return { scope: { kind, name: "greeter" }, modules: [{ file: "a.rego", text }] };
}

const deny = (body: string): string => `package gates.admit\ndeny contains ${body}`;

function readPolicies(): Source[] {
  return globSync("policies/*.rego", { cwd: top }).map((file) => ({
    file,
    text: readFileSync(join(top, file), "utf8"),
  }));
}

test("the gates' own tests pass, and come to every line", () => {
  let coverage: Coverage | undefined;
  const suite = new TestSuite(parseModules(readPolicies(), { version: "v1" }), {
    builtins: allBuiltins,
    schemas: Object.fromEntries(gateNames.map((gate) => [`schema.${gate}`, schemaOf(gate)])),
    clock: () => process.hrtime.bigint(),
    timeoutNanoseconds: 5_000_000_000n,
    follow: (at) => coverage?.visit(at),
  });
  coverage = new Coverage(suite.policy);
  const failed = suite.tests.map((one) => suite.run(one)).filter(({ outcome }) => outcome !== "pass");
  assert.deepEqual(
    failed.map(({ test }) => test.name),
    [],
  );
  assert.ok(suite.tests.length > 20);
  assert.deepEqual(
    { covered: coverage.report().coverage, gates: gateNames.length },
    { covered: 100, gates: globSync("policies/*_test.rego", { cwd: top }).length },
  );
});

function schemaOf(gate: GateName): object & Record<string, never> {
  return (factSchemas as unknown as Record<string, Record<string, never>>)[gate] ?? {};
}

test("what is compiled into the library, and the published schemas, are of the policies that are there", () => {
  const script = join(top, "scripts/gates.ts");
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
});

test("a field that a gate is not told is a mistake in every gate's own policy", () => {
  for (const { file, text } of readPolicies().filter(({ file }) => !file.endsWith("_test.rego"))) {
    const misspelt = `${text}\nmisspelt if input.repositry == "x"\n`;
    const schemas = Object.fromEntries(gateNames.map((gate) => [`schema.${gate}`, schemaOf(gate)]));
    const options = { builtins: allBuiltins, schemas, clock: () => 0n, timeoutNanoseconds: 1n };
    const modules = parseModules([{ file, text: misspelt }], { version: "v1" });
    assert.throws(() => new TestSuite(modules, options), /undefined ref: input\.repositry/, file);
  }
});

test("a verified chain is admitted; a refused one is not, its reasons in the verifier's order", async () => {
  assert.deepEqual(await gates.judge("admit", verified), { kind: "allowed", facts: undefined });
  const reasons = ["layout/b", "layout/a"].map((code) => ({ code, subject: "s", message: "m" }));
  const chain = { verdict: "refused" as const, reasons, steps: [] };
  assert.deepEqual(await gates.judge("admit", { ...verified, chain }), { kind: "refused", reasons });
});

test("what a gate neither allows nor gives a reason for is undecided", async () => {
  const chain = { ...verified.chain, steps: [] };
  const verdict = await gates.judge("admit", { ...verified, chain });
  assert.equal(verdict.kind === "undecided" && verdict.reasons[0].code, "gate/unreasoned");
});

/** What a rule set that is added to the admit gate makes of a chain that is verified. */
async function check(text: string, expected: string): Promise<void> {
  const verdict = await gates.judge("admit", verified, [rulesOf(text)]);
  const [reason] = verdict.kind === "allowed" ? [] : verdict.reasons;
  assert.match([verdict.kind, reason?.code, reason?.message].join(" "), new RegExp(`^${expected}`), text);
}

test("added rules deny more", async () => {
  await check(
    deny('"no" if input.image == "sha256:03"'),
    "refused rule/denied no \\(a rule of repository gre",
  );
  await check(deny('"no" if input.image == "sha256:04"'), "allowed");
  await check(deny('{"code": "late", "message": "m"} if input.at > "2026"'), "refused rule/late m");
  await check(deny('{"code": "gate/x y", "message": "m"}'), "refused rule/denied m");
  await check(deny("7"), "refused rule/denied denied");
  await check("package gates.source\ndeny contains 1", "allowed");
  await check(`${deny("x if some x in data.gates.admit.more")}\nmore := {"why"}`, "refused rule/denied why");
});

test("what cannot be evaluated is not allowed", async () => {
  await check(
    deny('"no" if 1 / (count(input.chain.steps) - 1)'),
    "undecided gate/unevaluable .*divide by zero",
  );
  await check(
    deny('"no" if { some i in numbers.range(1, 99999); some j in numbers.range(1, 99999); i * j < 0 }'),
    "undecided gate/unevaluable .*steps",
  );
  await check(deny('"no" if input.imag'), "undecided gate/unevaluable .*undefined ref: input.imag");
});

test("added rules cannot weaken a gate: there is nothing of Custody's in their world", async () => {
  const reasons = [{ code: "layout/step-missing", subject: "s", message: "m" }];
  const refused = { ...verified, chain: { verdict: "refused" as const, reasons, steps: [] } };
  const attempts = [
    "package custody.gates.admit\ndefault allow := true\ndeny := set()",
    "package gates.admit\ndeny contains x if { x := 1; false }\nallow := true",
    'package gates.admit\ndeny contains "x" if { false with data.custody.gates.admit.deny as set() }',
  ];
  for (const text of attempts) {
    const verdict = await gates.judge("admit", refused, [rulesOf(text)]);
    assert.equal(verdict.kind, "refused", text);
  }
});

test("one scope's rules do not see another's, and all of them count", async () => {
  const own = rulesOf(`${deny('"mine"')}\nsecret := 1`);
  const other = rulesOf(deny('"found" if data.gates.admit.secret'), "workload");
  const verdict = await gates.judge("admit", verified, [rulesOf(deny('"theirs"'), "project"), own, other]);
  const messages = verdict.kind === "refused" ? verdict.reasons.map(({ message }) => message) : [];
  assert.deepEqual(messages, ["theirs (a rule of project greeter)", "mine (a rule of repository greeter)"]);
});

/** The first mistake that is found in rules before they are set. */
async function checkMistake(text: string, expected: RegExp): Promise<void> {
  await assert.rejects(gates.check(rulesOf(text)), { code: "policy/rules", message: expected }, text);
}

test("the rules of the guide are rules", async () => {
  const guide = readFileSync(join(top, "docs/guides/gates.md"), "utf8");
  const examples = [...guide.matchAll(/^```rego\n([^`]*)^```/gm)].map(([, text = ""]) => text);
  assert.equal(examples.length, 2);
  for (const text of examples) await gates.check(rulesOf(text));
});

test("mistakes in added rules are found when they are set, with their places", async () => {
  await gates.check(rulesOf(deny('"no" if input.image == "x"')));
  await checkMistake(
    deny('"no" if input.imag'),
    /a\.rego:2:\d+: rego_type_error: undefined ref: input\.imag/,
  );
  await checkMistake(deny('"no" if {'), /a\.rego:2:\d+: rego_parse_error/);
  await checkMistake(deny('"no" if time.now_ns() > 0'), /undefined function time\.now_ns/);
  await checkMistake(deny('"no" if http.send({"url": "x"})'), /undefined function http\.send/);
  await checkMistake("package gates.admitt\ndeny contains 1", /is of no gate/);
  await checkMistake("package custody.gates.admit\ndeny contains 1", /is of no gate/);
  await checkMistake("package gates.admit\ndeny := true", /deny is a set of reasons/);
  await checkMistake("package gates.admit\ndeny.x contains 1", /deny is a set of reasons/);
  await checkMistake("package gates.admit\ndenied contains 1", /has no rule: deny/);
});
