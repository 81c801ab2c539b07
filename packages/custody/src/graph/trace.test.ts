import assert from "node:assert/strict";
import { test } from "node:test";

import { instantOf, parseDigest } from "custody/ground";

import type { TraceNode } from "./index.ts";
import { traceBack, traceForward } from "./index.ts";

const artifact = (name: string, letter: string) => ({ name, digest: { sha256: letter.repeat(64) } });
const [source, binary, image, other] = [
  artifact("source", "1"),
  artifact("binary", "2"),
  artifact("image", "3"),
  artifact("other", "4"),
];

function node(
  step: string,
  materials: TraceNode["handOff"]["materials"],
  products: TraceNode["handOff"]["products"],
): TraceNode {
  const bundle = parseDigest(`sha256:${"0".repeat(64)}`);
  return {
    bundle,
    step,
    rendering: step,
    identity: step,
    signedAt: instantOf(0),
    logIndex: 0,
    handOff: { materials, products },
  };
}

const nodes = [
  node("source", [], [source, { name: "commit", digest: { gitCommit: "a".repeat(40) } }]),
  node("build", [source], [binary]),
  node("package", [binary], [image]),
  node("publish", [image], [image]),
  node("run", [image], []),
  node("unrelated", [], [other]),
];
const steps = (found: readonly TraceNode[]): string[] => found.map(({ step }) => step).sort();

test("goes back from an image to its commit, and no further aside", () => {
  assert.deepEqual(steps(traceBack(nodes, image)), ["build", "package", "publish", "source"]);
});

test("goes forward from a commit to what runs it", () => {
  const commit = { name: "", digest: { gitCommit: "a".repeat(40) } };
  assert.deepEqual(steps(traceForward(nodes, commit)), ["build", "package", "publish", "run", "source"]);
});

test("finds nothing for an artifact that nobody made", () => {
  assert.deepEqual(traceBack(nodes, artifact("x", "9")), []);
});

test("ends on a circle", () => {
  const circle = [node("a", [source], [binary]), node("b", [binary], [source])];
  assert.deepEqual(steps(traceBack(circle, source)), ["a", "b"]);
  assert.deepEqual(steps(traceForward(circle, source)), ["a", "b"]);
});
