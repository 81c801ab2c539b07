import assert from "node:assert/strict";
import { test } from "node:test";

import { CustodyError } from "custody/ground";

import { parsePipeline } from "./pipeline.ts";

const text = `version: 1
name: team/hello
stemcells:
  build: { packages: [gcc] }
  run: { suite: trixie, packages: [] }
steps:
  - name: build
    stemcell: build
    run: make
    outputs: [hello, share]
    network: { hosts: ["example.org:443"] }
    limits: { memory: 2GiB, cpus: 0.5, work: 64MiB }
  - name: check
    kind: test
    stemcell: run
    inputs: [build]
    run: ./check
image:
  stemcell: run
  files:
    - { from: build/hello, to: /app/hello, mode: "0755" }
    - { from: build/share/doc, to: /app/doc }
  entrypoint: [/app/hello]
run:
  port: 8080
  health: { path: /healthz, deadlineSeconds: 5 }
`;

test("reads a pipeline, with every default filled in", () => {
  const { name, stemcells, steps, image, run } = parsePipeline(text);
  assert.equal(name, "team/hello");
  assert.deepEqual(stemcells["build"], { suite: "bookworm", packages: ["gcc"] });
  assert.deepEqual(steps[0]?.networkHosts, ["example.org:443"]);
  assert.deepEqual(steps[0]?.limits, {
    memoryBytes: 2 ** 31,
    cpus: 0.5,
    pids: 256,
    workBytes: 2 ** 26,
    outputBytes: 2 ** 24,
    deadlineSeconds: 600,
  });
  assert.deepEqual(steps[1], {
    name: "check",
    kind: "test",
    stemcell: "run",
    script: "./check",
    inputs: ["build"],
    outputs: [],
    networkHosts: [],
    environment: {},
    limits: { ...steps[0]?.limits, memoryBytes: 2 ** 30, cpus: 1, workBytes: 2 ** 29 },
  });
  assert.deepEqual(image.files, [
    { step: "build", path: "hello", to: "app/hello", mode: 0o755 },
    { step: "build", path: "share/doc", to: "app/doc", mode: undefined },
  ]);
  assert.equal(run?.limits.pids, 64);
});

// What is written instead of what, the code, and the beginning of the message: line, column, path.
const refusals: [string, string, string, string][] = [
  ["version: 1", "version: 2", "factory/shape", "custody.yaml:1:1: version: expected 1, found 2"],
  ["name: team/hello\n", "", "factory/shape", "custody.yaml:1:1: name: is missing"],
  ["name: team/hello", "name: Team", "factory/shape", 'custody.yaml:2:1: name: "Team" is not a repository'],
  ["kind: test", "kind: tset", "factory/shape", "custody.yaml:14:5: steps[1].kind: expected"],
  [
    "    run: make",
    "    rum: make",
    "factory/shape",
    "custody.yaml:9:5: steps[0].rum: is not a key that is known",
  ],
  [
    "port: 8080",
    "port: 99999",
    "factory/shape",
    "custody.yaml:25:3: run.port: expected <=65535, found 99999",
  ],
  [
    "memory: 2GiB",
    "memory: 2GB",
    "factory/shape",
    'custody.yaml:12:15: steps[0].limits.memory: "2GB" is not a size',
  ],
  ['"0755"', "0755", "factory/shape", "custody.yaml:21:44: image.files[0].mode: expected string, found 755"],
  ["[/app/hello]", "[]", "factory/shape", "custody.yaml:23:3: image.entrypoint: expected >=1, found 0"],
  [
    "inputs: [build]",
    "inputs: [check]",
    "factory/reference",
    'custody.yaml:16:14: steps[1].inputs[0]: there is no step "check" before',
  ],
  [
    "stemcell: build",
    "stemcell: bild",
    "factory/reference",
    'custody.yaml:8:5: steps[0].stemcell: there is no stemcell "bild"',
  ],
  [
    "name: check",
    "name: build",
    "factory/reference",
    'custody.yaml:13:5: steps[1].name: there are two steps "build"',
  ],
  [
    "name: check",
    "name: source",
    "factory/reference",
    'custody.yaml:13:5: steps[1].name: "source" is the name of',
  ],
  [
    "[hello, share]",
    "[../hello]",
    "factory/reference",
    'custody.yaml:10:15: steps[0].outputs[0]: "../hello" is not a path',
  ],
  ["[hello, share]", "[/hello]", "factory/reference", "custody.yaml:10:15: steps[0].outputs[0]"],
  [
    "run: ./check",
    "run: ./check\n    outputs: [x]",
    "factory/reference",
    "custody.yaml:18:5: steps[1].outputs: a test has no",
  ],
  ["from: build/hello", "from: hello", "factory/reference", "custody.yaml:21:9: image.files[0].from"],
  [
    "from: build/hello",
    "from: build/other",
    "factory/reference",
    'custody.yaml:21:9: image.files[0].from: "other" is not among',
  ],
  [
    "to: /app/doc",
    "to: /app/hello",
    "factory/reference",
    'custody.yaml:22:32: image.files[1].to: "/app/hello" is there twice',
  ],
  ["to: /app/doc", "to: /dev/doc", "factory/reference", "custody.yaml:22:32: image.files[1].to"],
  ["to: /app/doc", "to: /app/../etc", "factory/reference", "custody.yaml:22:32: image.files[1].to"],
  ["version: 1", "version: 1\nversion: 1", "factory/syntax", "custody.yaml:2:1: Map keys must be unique"],
  ["[gcc]", "[gcc", "factory/syntax", "custody.yaml:"],
  ["[gcc]", "!!js/function x", "factory/syntax", "custody.yaml:4:22: Unresolved tag"],
  ["version: 1", "version: 1\n---\nversion: 1", "factory/syntax", "custody.yaml:"],
];

for (const [from, to, code, message] of refusals) {
  test(`refuses ${JSON.stringify(to)} for ${JSON.stringify(from)}, and says where`, () => {
    assert.ok(text.includes(from));
    assert.throws(
      () => parsePipeline(text.replace(from, to)),
      (error) => {
        assert.ok(error instanceof CustodyError, String(error));
        assert.equal(error.code, code, error.message);
        assert.ok(error.message.startsWith(message), error.message);
        return error.next !== undefined;
      },
    );
  });
}

const hostile: [string, string][] = [
  ["nothing", ""],
  ["a list", "- 1\n"],
  ["text that is no YAML", "\u0000\u0001"],
  [
    "aliases that multiply",
    `a: &a [1,1,1,1,1,1,1,1,1]\n${expand("a", "b")}${expand("b", "c")}${expand("c", "d")}`,
  ],
  ["nesting without end", "[".repeat(100_000)],
  [
    "nesting by indentation",
    `${Array.from({ length: 3000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")}\n`,
  ],
  ["nesting by dashes", `${"- ".repeat(100_000)}1`],
  ["nesting by question marks", `${"? ".repeat(100_000)}1`],
  ["nesting over lines", "[\n".repeat(100_000)],
  ["more than 256 KiB", `# ${"x".repeat(300_000)}`],
  ["a prototype's key", "__proto__: { version: 1 }\n"],
];

function expand(from: string, to: string): string {
  return `${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(",")}]\n`;
}

for (const [what, source] of hostile) {
  test(`refuses ${what}, and does not take long`, () => {
    const started = Date.now();
    assert.throws(() => parsePipeline(source), CustodyError);
    assert.ok(Date.now() - started < 10_000);
  });
}
