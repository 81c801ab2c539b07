import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const main = join(import.meta.dirname, "../packages/cli/src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "custody-conftest-"));
after(() => rmSync(folder, { recursive: true }));

const files: Readonly<Record<string, string>> = {
  "policy/main.rego": `package main

deny contains {"msg": "no root", "_path": ["spec", "user"]} if input.spec.user == "root"

warn contains sprintf("%s is old", [data.conftest.file.name]) if input.version < data.oldest
`,
  "policy/main_test.rego": "package main\n\ntest_none if false\n",
  "policy/other.rego": 'package other\n\ndeny contains "never"\n',
  "data.yaml": "oldest: 2\n",
  "deploy/a.yaml": "version: 1\nspec:\n  user: root\n",
  "deploy/b.toml": "version = 3\n",
  "deploy/notes.txt": "nothing",
  "broken.yaml": "a: [",
};
for (const [name, content] of Object.entries(files)) {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** Runs a command; what it prints and how it ends must be that. */
function check(words: string, expected: string | RegExp, status: number, input = ""): void {
  const args = [main, "rego", "conftest", ...words.split(" ")];
  const ran = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", input });
  if (typeof expected === "string") assert.equal(ran.stdout, expected, `${words}\n${ran.stderr}`);
  else assert.match(ran.stdout + ran.stderr, expected, words);
  assert.equal(ran.status, status, `${words}\n${ran.stderr}`);
}

test("checks files and directories of known formats with the rules of main", () => {
  check(
    "--data data.yaml deploy",
    `WARN - deploy/a.yaml - main - a.yaml is old
FAIL - deploy/a.yaml - main - no root

4 tests, 2 passed, 1 warning, 1 failure, 0 exceptions
`,
    1,
  );
  check("-d data.yaml deploy/b.toml", /2 passed/, 0);
  check("-d data.yaml -p policy -", /1 failure/, 1, "version: 3\nspec: {user: root}\n");
  check("--parser toml -d data.yaml -", /2 passed/, 0, "version = 3\n");
});

test("places come in every form that machines read", () => {
  check("-o sarif deploy/a.yaml", /"uri": "deploy\/a\.yaml"\s+\},\s+"region": \{\s+"startLine": 3/, 1);
  check("-o github deploy/a.yaml", /::error file=deploy\/a\.yaml,line=3::no root/, 1);
});

test("warnings refuse where they are asked to; namespaces are chosen", () => {
  check("-d data.yaml --fail-on-warn -", /1 warning/, 1, "version: 1\n");
  check("-d data.yaml -", /1 warning/, 0, "version: 1\n");
  check("-n other deploy/b.toml", /FAIL - deploy\/b\.toml - other - never/, 1);
  check("--all-namespaces deploy/b.toml", /never[^]*3 tests, 2 passed/, 1);
  check("--combine deploy", /2 tests, 2 passed/, 0);
});

test("what cannot be read or asked is not let through", () => {
  check("broken.yaml", /broken\.yaml: .*yaml/, 2);
  check("none.yaml", /none\.yaml: no such file/, 2);
  check("deploy/notes.txt", /notes\.txt: its name is of no known format/, 2);
  check("-n nobody deploy", /no rule of the namespace nobody checks anything/, 2);
  check("-p none deploy", /none: no such file/, 2);
});
