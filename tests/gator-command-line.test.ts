import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

const main = join(import.meta.dirname, "../packages/cli/src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "custody-gator-"));
after(() => rmSync(folder, { recursive: true }));

const files: Readonly<Record<string, string>> = {
  "policies/template.yaml": `apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: k8sowner}
spec:
  crd: {spec: {names: {kind: K8sOwner}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package k8sowner
        violation[{"msg": msg, "details": {"kind": input.review.kind.kind}}] {
          not input.review.object.metadata.labels.owner
          msg := sprintf("%v has no owner", [input.review.object.metadata.name])
        }
`,
  "policies/constraint.yaml": `apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sOwner
metadata: {name: owner}
spec: {match: {kinds: [{apiGroups: [""], kinds: [Pod]}]}}
`,
  "policies/suite.yaml": `apiVersion: test.gatekeeper.sh/v1alpha1
kind: Suite
tests:
  - name: owner
    template: template.yaml
    constraint: constraint.yaml
    cases:
      - {name: bare, object: ../bare.yaml, assertions: [{violations: yes, message: no owner}]}
      - {name: owned, object: ../owned.yaml, assertions: [{violations: no}]}
`,
  "failing/suite.yaml": `apiVersion: test.gatekeeper.sh/v1alpha1
kind: Suite
tests:
  - name: owner
    template: ../policies/template.yaml
    constraint: ../policies/constraint.yaml
    cases: [{name: owned, object: ../owned.yaml, assertions: [{violations: yes}]}]
`,
  "bare.yaml": "{apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: prod}}\n",
  "owned.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: owned, labels: {owner: me}}\n---\n",
  "broken.yaml": "a: [",
};
for (const [name, content] of Object.entries(files)) {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** Runs a command; what it prints (durations are T) and how it ends must be that. */
function check(words: string, stdout: string | RegExp, status: number, input = ""): void {
  const args = [main, "rego", "gator", ...words.split(" ")];
  const ran = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", input });
  const text = ran.stdout.replaceAll(/\d+\.\d{3}s/g, "T");
  if (typeof stdout === "string") assert.equal(text, stdout, `${words}\n${ran.stderr}`);
  else assert.match(text + ran.stderr, stdout, words);
  assert.equal(ran.status, status, `${words}\n${ran.stderr}`);
}

describe("custody rego gator verify", () => {
  test("runs suites: a file, those of a directory, those below it", () => {
    check("verify policies/suite.yaml", "ok\tpolicies/suite.yaml\tT\nPASS\n", 0);
    check("verify policies", "ok\tpolicies/suite.yaml\tT\nPASS\n", 0);
    check("verify policies failing/suite.yaml", /FAIL\tfailing\/suite\.yaml/, 1);
    check("verify ./...", /--- FAIL: owner[^]*ok\tpolicies\/suite\.yaml[^]*FAIL\n$/, 1);
  });

  test("shows every case, or only those that are chosen", () => {
    check(
      "verify -v --run //owned policies",
      `=== RUN   owner
    === SKIP  bare
    === RUN   owned
    --- PASS: owned\t(T)
--- PASS: owner\t(T)
ok\tpolicies/suite.yaml\tT
PASS
`,
      0,
    );
    check("verify --json policies", /"name": "bare",\s+"isSkipped": false/, 0);
  });

  test("nothing tested is not all well", () => {
    check("verify none", /none: no such file or directory/, 2);
    check("verify broken.yaml", /broken\.yaml: yaml/, 2);
    check("verify bare.yaml", /no suites in bare\.yaml/, 2);
    check("verify --run ( policies", /no regular expression/, 2);
  });
});

describe("custody rego gator test", () => {
  test("reviews objects against what is given with them", () => {
    check("test -f policies -f owned.yaml", "", 0);
    check(
      "test -f policies -f bare.yaml -f owned.yaml",
      'v1/Pod prod/bare: ["owner"] Message: "bare has no owner"\n',
      1,
    );
    check(
      "test",
      'v1/Pod prod/bare: ["owner"] Message: "bare has no owner"\n',
      1,
      ["policies/template.yaml", "policies/constraint.yaml", "bare.yaml"]
        .map((name) => files[name])
        .join("---\n"),
    );
    check("test -o json -f policies -f bare.yaml", /"msg": "bare has no owner",[^]*"violatingObject": \{/, 1);
    check("test -o yaml -f policies -f bare.yaml", /^- constraint:\n {4}apiVersion/, 1);
  });

  test("what it cannot read or decide is not let through", () => {
    check("test -f policies -f broken.yaml", /broken\.yaml: yaml/, 2);
    check("test -f policies/constraint.yaml", /there is no template of K8sOwner/, 2);
    const selecting =
      files["policies/constraint.yaml"]?.replace("kinds:", "namespaceSelector: {}, kinds:") ?? "";
    writeFileSync(join(folder, "selecting.yaml"), selecting);
    check("test -f policies/template.yaml -f selecting.yaml -f bare.yaml", /\(could not decide\)/, 2);
  });
});
