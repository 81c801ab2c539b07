import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { allBuiltins } from "custody/rego/builtins";
import { openCompiled } from "custody/rego/compiled";
import type { CompiledModule } from "custody/rego/compiled";

const top = join(import.meta.dirname, "..");
const main = join(top, "packages/cli/src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "custody-rego-"));
cpSync(join(top, "examples/policies"), join(folder, "policies"), { recursive: true });
cpSync(join(top, "examples/requests/publish.json"), join(folder, "publish.json"));
after(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function rego(words: string, input = ""): Ran {
  const args = [main, "rego", ...words.split(" ")];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", input });
}

/** Runs a command; what it prints and how it ends must be that. Durations are shown as T. */
function check(words: string, stdout: string, status = 0): void {
  const ran = rego(words);
  assert.equal(withoutTimes(ran.stdout), stdout, `${words}\n${ran.stderr}`);
  assert.equal(ran.status, status, words);
}

function checkError(words: string, stderr: string, status: number): void {
  const ran = rego(words);
  assert.deepEqual([ran.stderr, ran.stdout, ran.status], [stderr, "", status], words);
}

function withoutTimes(text: string): string {
  return text
    .replaceAll(/\(\d[\d.]*(?:ns|µs|ms|s)\)/g, "(T)")
    .replaceAll(/"duration": \d+/g, '"duration": 0');
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const line = "-".repeat(80);

describe("custody rego eval", () => {
  test("prints results in every form, as OPA does", () => {
    const query = "data.authz.allow -d policies -i publish.json";
    check(`eval -f pretty ${query}`, "false\n");
    check(`eval -f raw ${query}`, "false\n");
    check(`eval -f values ${query}`, "[\n  false\n]\n");
    check(`eval -f discard ${query}`, '{\n  "result": "discarded"\n}\n');
    check(`eval -f bindings x=data.people.ada.roles -d policies`, '{\n  "x": [\n    "reader"\n  ]\n}\n');
    check(`eval -f pretty data.none`, "undefined\n");
    check(
      "eval 1",
      `{
  "result": [
    {
      "expressions": [
        {
          "value": 1,
          "text": "1",
          "location": {
            "row": 1,
            "col": 1
          }
        }
      ]
    }
  ]
}
`,
    );
    check(
      "eval -f pretty data.roles[role].actions[_] -d policies",
      `┌──────────────┬─────────────────────────────┐
│     role     │ data.roles[role].actions[_] │
├──────────────┼─────────────────────────────┤
│ "maintainer" │ "publish"                   │
│ "reader"     │ "read"                      │
└──────────────┴─────────────────────────────┘
`,
    );
  });

  test("takes input and query from standard input, and a package and imports for the query", () => {
    assert.equal(rego("eval -f raw -I input.x", '{"x": 1.50}').stdout, "1.50\n");
    assert.equal(rego("eval -f raw --stdin", "1 + 1").stdout, "2\n");
    check("eval -f raw --package authz -d policies -i publish.json allow", "false\n");
    check("eval -f raw --import data.people.ada -d policies ada.roles", '["reader"]\n');
  });

  test("ends with 1 where a flag says so, and with 2 for what cannot be evaluated", () => {
    check("eval -f pretty --fail data.none", "undefined\n", 1);
    check("eval -f pretty --fail-defined 1", "1\n", 1);
    check("eval -f pretty --fail 1", "1\n");
    checkError("eval -f pretty x", "1 error occurred: 1:1: rego_unsafe_var_error: var x is unsafe\n", 2);
    const division = "1 error occurred: 1/0: eval_builtin_error: div: divide by zero\n";
    checkError("eval -f pretty --strict-builtin-errors 1/0", division, 2);
    checkError("eval 1 -i none.json", "open none.json: no such file or directory\n", 2);
  });

  test("shows what is left where the input is not known, as OPA does", () => {
    write(
      "left.rego",
      'package l\ndefault p := 1\np := 2 if input.x\nq if { some r in ["a", "b"]; r == input.r }\n',
    );
    const module = "package partial.l\n\ndefault p := 1\n\np := 2 if input.x\n";
    check("eval -p -f source -d left.rego data.l.p", `# Query 1\ndata.partial.l.p\n\n# Module 1\n${module}`);
    check(
      "eval --partial -f pretty -d left.rego data.l.q",
      `┌─────────┬───────────────┐
│ Query 1 │ "a" = input.r │
├─────────┼───────────────┤
│ Query 2 │ "b" = input.r │
└─────────┴───────────────┘
`,
    );
    check("eval -p -f pretty -d left.rego -u input.s data.l.q", "undefined\n");
    check("eval -p 1=2", '{\n  "partial": {}\n}\n');
    check("eval -p true", '{\n  "partial": {\n    "queries": [\n      []\n    ]\n  }\n}\n');
    check("eval -p -f source --fail -d left.rego -u input.s data.l.q", "", 1);
    checkError("eval -p -f raw true", "1 error occurred: --format raw is not for a partial evaluation\n", 2);
    checkError("eval -p -f source -u x true", "1 error occurred: --unknowns: x is no document\n", 2);
  });

  test("prints what policies print, undefined too, on standard error", () => {
    const { stdout, stderr } = rego(`eval -f raw print("a",input.x,{1})`);
    assert.deepEqual([stdout, stderr], ["true\n", "a <undefined> {1}\n"]);
  });
});

describe("custody rego check and parse", () => {
  test("is silent about policies that are well, and names every problem of others", () => {
    check("check policies", "");
    write("bad.rego", "package a\n\np if x\n\nq if y\n");
    const problems =
      "2 errors occurred:\nbad.rego:3: rego_unsafe_var_error: var x is unsafe\nbad.rego:5: rego_unsafe_var_error: var y is unsafe\n";
    checkError("check bad.rego", problems, 1);
    checkError("check none", "1 error occurred during loading: stat none: no such file or directory\n", 1);
  });

  test("prints the syntax tree", () => {
    write("tree.rego", "package a\n\np := 1\n");
    const tree =
      'module\n package\n  ref\n   data\n   "a"\n rule\n  head\n   ref\n    p\n   1\n  body\n   expr index=0\n    true\n';
    check("parse tree.rego", tree);
    const { stdout } = rego("parse -f json tree.rego");
    assert.deepEqual(Object.keys(JSON.parse(stdout) as object), ["package", "rules"]);
  });
});

describe("custody rego test", () => {
  test("runs tests, counts their cases, and fails for what is skipped unless told not to", () => {
    const skipped = `policies/authz_test.rego:28:\ndata.authz_test.todo_test_roles_expire: SKIPPED\n${line}\n`;
    check("test policies", `${skipped}PASS: 4/5\nSKIPPED: 1/5\n`, 2);
    check("test -z policies", `${skipped}PASS: 4/5\nSKIPPED: 1/5\n`);
    check("test -r frozen policies", "PASS: 1/1\n");
    check("test -r none policies", "");
    checkError("test -r none --fail-on-empty policies", "no tests were run\n", 1);
  });

  test("shows what failed and where, with what was printed before", () => {
    write("fails_test.rego", 'package f\n\ntest_sum if {\n\tprint("before")\n\t1 + 1 == 3\n}\n');
    const failed = `fails_test.rego:3:\ndata.f.test_sum: FAIL (T)\n\n  before\n\n`;
    check("test fails_test.rego", `${failed}${line}\nFAIL: 1/1\n`, 2);
    const where = `${line}\nFAILURES\n${line}\ndata.f.test_sum: FAIL (T)\n\n  fails_test.rego:5:\n    1 + 1 == 3\n\n`;
    check("test -v fails_test.rego", `${failed}${where}${line}\nFAIL: 1/1\n`, 2);
  });

  test("holds coverage to a threshold", () => {
    const { stdout, status } = rego("test -c -z policies");
    const { coverage } = JSON.parse(stdout) as { readonly coverage: number };
    assert.deepEqual([status, coverage > 90 && coverage < 100], [0, true]);
    const low = "Code coverage threshold not met: got 96.67 instead of 99.00\n";
    checkError("test -z --threshold 99 policies", low, 2);
  });
});

describe("custody rego explain and bench", () => {
  test("says which rule, line and value decided", () => {
    check(
      "explain -d policies -i publish.json data.authz.allow",
      `data.authz.allow is false
  policies/authz.rego:6 held: default allow := false
  policies/authz.rego:11 did not hold: allow if { …
    policies/authz.rego:13: input.action in data.roles[role].actions
      input.action is "publish"
`,
    );
  });

  test("traces as OPA does", () => {
    const fails = `query:1                   Enter data.authz.allow = _
policies/authz.rego:11    | Enter data.authz.allow
policies/authz.rego:13    | | Fail`;
    const squeezed = (text: string): string => text.replaceAll(/ {2,}/g, " ");
    const { stdout } = rego("eval -d policies -i publish.json --explain fails -f pretty data.authz.allow");
    assert.ok(squeezed(stdout).startsWith(squeezed(fails)), stdout);
    const { stdout: json } = rego("eval -d policies -i publish.json --explain full data.authz.allow");
    const { explanation } = JSON.parse(json) as { explanation: readonly { Op: string; Node: unknown }[] };
    assert.deepEqual([explanation[0]?.Op, explanation.at(-1)?.Op], ["Enter", "Redo"]);
    assert.equal(rego("eval --explain full --coverage 1=1").status, 2);
  });

  test("traces tests that fail", () => {
    write("noted_test.rego", 'package noted_test\ntest_bad if { trace("so far"); 1 == 2 }\n');
    const { stdout, status } = rego("test --explain notes noted_test.rego");
    assert.equal(status, 2);
    assert.match(stdout, /FAILURES\n-+\ndata\.noted_test\.test_bad: FAIL[^]*\| \| Note "so far"\n/);
    assert.doesNotMatch(rego("test noted_test.rego").stdout, /Note/);
  });

  test("measures evaluations", () => {
    const { stdout, status } = rego("bench --duration 20ms -f json 1+1");
    const measured = JSON.parse(stdout) as Readonly<Record<string, number>>;
    assert.equal(status, 0);
    assert.ok((measured["µs/op"] ?? 0) > 0);
    assert.equal(rego("bench --duration 20ms data.none").status, 1);
  });
});

describe("custody rego check --strict", () => {
  test("what nothing uses is a problem", () => {
    write("unused.rego", "package a\nf(x) := y if { y := 1; z := 2 }\n");
    check("check unused.rego", "");
    const found = [
      "2 errors occurred:",
      "unused.rego:2: rego_compile_error: assigned var z unused",
      "unused.rego:2: rego_compile_error: unused argument x. (hint: use _ (wildcard variable) instead)",
    ];
    checkError("check -S unused.rego", `${found.join("\n")}\n`, 1);
  });
});

describe("custody rego with schemas", () => {
  const schema = { type: "object", properties: { user: { type: "string" } }, additionalProperties: false };
  mkdirSync(join(folder, "schemas/in"), { recursive: true });
  write("schemas/in/request.json", JSON.stringify(schema));
  const annotated = "# METADATA\n# schemas:\n#   - input: schema.in.request\npackage a\n";
  write("good.rego", `${annotated}p if input.user == "ada"\ntest_p if p with input.user as "ada"\n`);
  write("misspelt.rego", `${annotated}p if input.usr == "ada"\n`);
  write("plain.rego", 'package a\np if input.usr == "ada"\n');
  const found = (file: string): string =>
    `1 error occurred: ${file}: rego_type_error: undefined ref: input.usr\n`;

  test("a directory's schemas are called by their paths, a single file is the input's", () => {
    check("check -s schemas good.rego", "");
    check("test -s schemas good.rego", "PASS: 1/1\n");
    for (const words of ["check -s schemas misspelt.rego", "check -s schemas/in/request.json plain.rego"]) {
      const ran = rego(words);
      assert.equal(ran.status, 1, words);
      assert.ok(
        ran.stderr.startsWith(found(words.includes("misspelt") ? "misspelt.rego:5" : "plain.rego:2")),
        ran.stderr,
      );
      assert.match(ran.stderr, /want \(one of\): \["user"\]/);
    }
    check("check misspelt.rego", "");
    assert.equal(rego("check -s nowhere good.rego").status, 1);
  });
});

describe("custody rego build, sign and inspect", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  write("key.pem", privateKey.export({ format: "pem", type: "pkcs8" }) as string);
  write("public.pem", publicKey.export({ format: "pem", type: "spki" }) as string);
  const keys = "--signing-alg ES256 --verification-key public.pem";

  test("builds a bundle that evaluates like its files, the same bytes every time", () => {
    check("build policies -r 7 -o a.tar.gz", "");
    check("build policies -r 7 -o b.tar.gz", "");
    assert.deepEqual(readFileSync(join(folder, "a.tar.gz")), readFileSync(join(folder, "b.tar.gz")));
    check("eval -f raw -b a.tar.gz -i publish.json data.authz.allow", "false\n");
  });

  test("builds a module of JavaScript that answers without the compiler", async () => {
    check("build -t es -o policy.mjs good.rego", "");
    const module = (await import(join(folder, "policy.mjs"))) as CompiledModule;
    const documents = openCompiled(module, allBuiltins);
    assert.equal(documents.find(["a", "p"], { user: "ada" }), true);
    assert.equal(documents.find(["a", "p"], { user: "eve" }), undefined);
  });

  test("shows what is in a bundle", () => {
    check(
      "inspect a.tar.gz",
      `MANIFEST:
┌──────────────┬───────┐
│    FIELD     │ VALUE │
├──────────────┼───────┤
│ Rego Version │ 1     │
│ Revision     │ 7     │
└──────────────┴───────┘
NAMESPACES:
┌─────────────────┬───────────────────────────┐
│    NAMESPACE    │           FILE            │
├─────────────────┼───────────────────────────┤
│ data            │ /data.json                │
│ data.authz      │ /policies/authz.rego      │
│ data.authz_test │ /policies/authz_test.rego │
└─────────────────┴───────────────────────────┘
`,
    );
  });

  test("signs bundles, and refuses those whose files are others", () => {
    check("build policies --signing-alg ES256 --signing-key key.pem -o signed.tar.gz", "");
    assert.equal(rego(`inspect ${keys} signed.tar.gz`).status, 0);
    check("sign -b policies --signing-alg ES256 --signing-key key.pem -o policies", "");
    assert.equal(rego(`inspect ${keys} policies`).status, 0);
    write("policies/more.rego", "package more\n");
    const refusal = "error: file policies/more.rego not included in bundle signature\n";
    checkError(`inspect ${keys} policies`, refusal, 1);
    rmSync(join(folder, "policies/more.rego"));
    rmSync(join(folder, "policies/.signatures.json"));
  });

  test("refuses what is outside of a manifest's roots", () => {
    write("policies/.manifest", '{"roots": ["authz", "people", "roles", "freezes"]}');
    const said = "manifest roots [authz people roles freezes] do not permit";
    const refusal = `error: bundle policies: ${said} 'package authz_test' in module 'policies/authz_test.rego'\n`;
    checkError("build -b policies", refusal, 1);
    rmSync(join(folder, "policies/.manifest"));
  });
});

test("custody rego capabilities lists every builtin", () => {
  const { builtins } = JSON.parse(rego("capabilities --current").stdout) as {
    readonly builtins: readonly { readonly name: string }[];
  };
  assert.ok(builtins.length >= 200);
  assert.match(rego("capabilities").stdout, /^time\.now_ns\(\) → number {2}\(asks the host\)$/m);
});

describe("custody rego fmt", () => {
  const before = "package a\np   if   true\n";
  const after = "package a\n\np := true\n";

  test("prints modules as they are laid out, those of a directory and that of standard input", () => {
    write("fmt.rego", before);
    check("fmt fmt.rego", after);
    check("fmt policies -l", "");
    assert.equal(rego("fmt", before).stdout, after);
    check("fmt fmt.rego --v0-v1 --v1-compatible", "package a\n\nimport rego.v1\n\np := true\n");
  });

  test("lists, compares and writes what would change", () => {
    write("fmt.rego", before);
    check("fmt -l fmt.rego publish.json", "fmt.rego\n");
    check("fmt -d fmt.rego", " package a\n-p   if   true\n+\n+p := true\n \n");
    check("fmt -w fmt.rego", "");
    assert.equal(readFileSync(join(folder, "fmt.rego"), "utf8"), after);
    check("fmt -l -d --fail fmt.rego", "");
  });

  test("ends with 2 when a module would change or is none, and with 1 when there is no file", () => {
    write("fmt.rego", before);
    checkError("fmt --fail fmt.rego", "unexpected diff\n", 2);
    checkError("fmt none.rego", "lstat none.rego: no such file or directory\n", 1);
    write("bad.rego", "package a\np {\n");
    const problem = "1 error occurred: bad.rego:3: rego_parse_error: unexpected eof token\n\tp {\n\t  ^\n";
    const { stderr, status } = rego("fmt bad.rego");
    assert.deepEqual([stderr, status], [`failed to format Rego source file: ${problem}`, 2]);
    assert.equal(rego("fmt", "package a\np {\n").status, 1);
  });

  test("makes sure that the result can be read, unless told not to", () => {
    const name = write(
      "not.rego",
      "package a\nimport future.keywords.not\np if { not { input.x\n input.y } }\n",
    );
    assert.match(
      rego(`fmt --v0-v1 --v1-compatible ${name}`).stderr,
      /^not\.rego was successfully formatted, but/,
    );
    assert.equal(rego(`fmt --v0-v1 --v1-compatible --check-result=false ${name}`).status, 0);
  });
});
