import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { CustodyError } from "custody/ground";

import { showAttestation } from "../packages/cli/src/attestation/show.ts";
import { listAttestationTypes } from "../packages/cli/src/attestation/types.ts";

const folder = mkdtempSync(join(tmpdir(), "custody-show-"));
after(() => rmSync(folder, { recursive: true }));

const statement = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "app", digest: { sha256: "a".repeat(64) } }],
  predicateType: "https://in-toto.io/attestation/link/v0.3",
  predicate: { name: "compile", materials: [{ name: "main.c", digest: { sha256: "b".repeat(64) } }] },
};
const envelopeOf = (value: object, payloadType = "application/vnd.in-toto+json"): object => ({
  payloadType,
  payload: Buffer.from(JSON.stringify(value)).toString("base64"),
  signatures: [{ sig: "AAAA" }],
});

async function show(value: object | string): Promise<{ exitCode: number; value: object; text: string }> {
  const path = join(folder, "file");
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  const printed: { value: object; text: string } = { value: {}, text: "" };
  const output = {
    result: (result: unknown, lines: readonly string[]) =>
      Object.assign(printed, { value: result, text: lines.join("\n") }),
    event: () => {},
    progress: () => {},
  };
  const exitCode = await showAttestation({ output, options: {}, args: [path] });
  return { exitCode, ...printed };
}

const facts = `says: step compile made 1 artifacts from 1
type: https://in-toto.io/attestation/link/v0.3 (link)
subject: app sha256:${"a".repeat(64)}
step: compile
material: main.c sha256:${"b".repeat(64)}
product: app sha256:${"a".repeat(64)}`;

test("shows a bare statement, an envelope and a bundle in words, each as unverified", async () => {
  for (const [value, first] of [
    [statement, "UNVERIFIED bare statement: nobody signed it"],
    [envelopeOf(statement), "UNVERIFIED DSSE envelope: its 1 signatures were not checked"],
    [
      { dsseEnvelope: envelopeOf(statement) },
      "UNVERIFIED Sigstore bundle: its 1 signatures were not checked",
    ],
  ] as const) {
    const shown = await show(value);
    assert.equal(shown.text, `${first}\n${facts}`);
    assert.equal(shown.exitCode, 0);
    assert.deepEqual(shown.value, {
      verified: false,
      form: /^UNVERIFIED (.*):/.exec(first)?.[1],
      predicateType: statement.predicateType,
      type: "link",
      rendering: "step compile made 1 artifacts from 1",
      subject: statement.subject,
      facts: {
        step: "compile",
        materials: statement.predicate.materials,
        products: statement.subject,
        weakened: [],
      },
      predicate: statement.predicate,
    });
  }
});

test("shows what it can of a type that it does not know, and says of a known one what is wrong", async () => {
  const unknown = await show({ ...statement, predicateType: "https://example.org/x" });
  assert.match(unknown.text, /^type: https:\/\/example\.org\/x \(not known\)$/m);
  assert.equal(unknown.exitCode, 0);
  const malformed = await show({ ...statement, predicate: { materials: [] } });
  assert.match(malformed.text, /^malformed: not a link predicate: name: /m);
  assert.equal(malformed.exitCode, 1);
});

test("no name in an attestation makes a line of its own, and a long list ends", async () => {
  const materials = Array.from({ length: 100 }, (_, i) => ({
    name: `m${i}`,
    digest: { sha256: "b".repeat(64) },
  }));
  const hostile = {
    ...statement,
    subject: [{ name: "x\nVERIFIED\u001b[8m", digest: { "a\nb": "a".repeat(64) } }],
    predicate: { name: "s\ntype: other", materials },
  };
  const { text } = await show(hostile);
  assert.doesNotMatch(text, /^VERIFIED|^type: other/m);
  assert.ok(!text.includes("\u001b"));
  assert.equal(text.match(/^material: /gm)?.length, 20);
  assert.match(text, /^… and 80 more$/m);
});

test("what holds no statement is said to hold none", async () => {
  for (const [value, code] of [
    [{}, "cli/no-statement"],
    [[], "cli/no-statement"],
    [envelopeOf(statement, "text/plain"), "cli/no-statement"],
    [{ messageSignature: {} }, "cli/no-statement"],
    [{ ...statement, subject: [] }, "evidence/statement"],
    [{ dsseEnvelope: {} }, "dsse/envelope"],
    ['{"predicateType":"a","predicateType":"b"}', "json/duplicate-key"],
  ] as const) {
    await assert.rejects(show(value), (error) => error instanceof CustodyError && error.code === code, code);
  }
});

test("lists every type with its URIs", async () => {
  const lines: string[] = [];
  const output = {
    result: (_: unknown, all: readonly string[]) => void lines.push(...all),
    event: () => {},
    progress: () => {},
  };
  assert.equal(await listAttestationTypes({ output, options: {}, args: [] }), 0);
  assert.ok(lines.includes("cyclonedx                https://cyclonedx.org/bom"), lines.join("\n"));
  assert.ok(lines.some((line) => line.endsWith(" https://cyclonedx.org/bom/v1.7")));
});
