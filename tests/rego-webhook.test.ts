import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const main = join(import.meta.dirname, "../packages/cli/src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "custody-webhook-"));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

write(
  "deny.rego",
  'package kubernetes.admission\n\ndeny contains "no" if input.request.operation == "CREATE"\n',
);
write(
  "template.yaml",
  `apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: k8sall}
spec:
  crd: {spec: {names: {kind: K8sAll}}}
  targets: [{target: admission.k8s.gatekeeper.sh, rego: 'package a violation[{"msg": "never"}] { true }'}]
`,
);
write(
  "constraint.yaml",
  "{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sAll, metadata: {name: all}}\n",
);

/** Starts a webhook, asks it once and ends it: the message with which it refuses, or none. */
async function ask(words: string): Promise<string | undefined> {
  const args = [main, "rego", "webhook", "--addr", "127.0.0.1:0", ...words.split(" ")];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  try {
    const [said] = (await once(child.stderr, "data")) as [Buffer];
    const request = { uid: "u", operation: "CREATE", object: { apiVersion: "v1", kind: "Pod" } };
    const body = JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request });
    const reply = await fetch(`${String(said).trim()}/v1/admit`, { method: "POST", body });
    const { response } = (await reply.json()) as { response: { uid: string; status?: { message: string } } };
    assert.equal(response.uid, "u");
    return response.status?.message;
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

test("custody rego webhook decides by policies, and by templates and constraints", async () => {
  assert.equal(await ask("deny.rego"), "no");
  assert.equal(
    await ask("deny.rego --query data.kubernetes.admission.warnings"),
    "could not decide: the policy's answer is undefined",
  );
  assert.equal(await ask("--gatekeeper template.yaml --gatekeeper constraint.yaml"), "[all] never");
  assert.equal(await ask("deny.rego --query count(data.kubernetes.admission.deny)==1"), undefined);
});

test("it takes policies that have changed", async () => {
  write("changing.rego", 'package kubernetes.admission\n\ndeny contains "old"\n');
  const words = "changing.rego --policy-poll-interval 20ms".split(" ");
  const args = [main, "rego", "webhook", "--addr", "127.0.0.1:0", ...words];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  try {
    const [said] = (await once(child.stderr, "data")) as [Buffer];
    const message = async (): Promise<string> => {
      const request = { uid: "u", operation: "CREATE", object: { apiVersion: "v1", kind: "Pod" } };
      const body = JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request });
      return (await fetch(`${String(said).trim()}/v1/admit`, { method: "POST", body })).text();
    };
    assert.match(await message(), /"old"/);
    write("changing.rego", 'package kubernetes.admission\n\ndeny contains "new"\n');
    const [told] = (await once(child.stderr, "data")) as [Buffer];
    assert.equal(String(told), "policies: those that are there now decide\n");
    assert.match(await message(), /"new"/);
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
});

test("it does not start without a policy, or with half of a certificate", () => {
  for (const [words, reason] of [
    ["", /without a policy/],
    ["--gatekeeper template.yaml", /no constraints in template\.yaml/],
    ["none.rego", /none\.rego: no such file/],
    ["deny.rego --query data.(", /rego_parse_error/],
    ["deny.rego --tls-cert-file a.crt", /come together/],
    ["deny.rego --tls-cert-file a.crt --tls-private-key-file a.key", /a\.crt, a\.key: .*no such file/],
  ] as const) {
    const args = [main, "rego", "webhook", "--addr", "127.0.0.1:0", ...words.split(" ").filter(Boolean)];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.match(stderr, reason, words);
    assert.equal(status, 2, words);
  }
});
