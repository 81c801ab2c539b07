import assert from "node:assert/strict";
import { test } from "node:test";

import { parseDigest } from "custody/ground";

import type { FindNodes, TraceNode } from "./index.ts";
import { artifactKeysOf, traceBack, traceForward } from "./index.ts";

interface NamedNode extends TraceNode {
  readonly step: string;
}

const artifact = (name: string, letter: string) => ({ name, digest: { sha256: letter.repeat(64) } });
const [source, binary, image, stemcell] = [
  artifact("source", "1"),
  artifact("binary", "2"),
  artifact("image", "3"),
  artifact("stemcell", "4"),
];
const commit = { name: "commit", digest: { gitCommit: "a".repeat(40) } };

let count = 0;
function node(step: string, materials: TraceNode["materials"], products: TraceNode["products"]): NamedNode {
  const digest = parseDigest(`sha256:${String(count++).padStart(64, "0")}`);
  return { digest, step, materials, products };
}

const nodes = [
  node("source", [commit], [source, commit]),
  node("stemcell", [{ name: "pkg:deb/debian/make@1", digest: { sha256: "5".repeat(64) } }], [stemcell]),
  node("build", [source, stemcell], [binary]),
  node("package", [binary, stemcell], [image]),
  node("publish", [image], [image]),
  node("run", [image], []),
  node("another repository's build", [stemcell], [artifact("other", "6")]),
];

function findIn(
  all: readonly NamedNode[],
  list: "materials" | "products",
  asked: string[] = [],
): FindNodes<NamedNode> {
  return async (keys) => {
    asked.push(...keys);
    return all.filter((one) => artifactKeysOf(one[list]).some((key) => keys.includes(key)));
  };
}

const steps = (found: readonly NamedNode[]): string[] => found.map(({ step }) => step).sort();

test("goes back from an image to its source and stemcell, and not to what else uses the stemcell", async () => {
  const found = await traceBack(findIn(nodes, "products"), artifactKeysOf([image]));
  assert.deepEqual(steps(found), ["build", "package", "publish", "source", "stemcell"]);
});

test("goes forward from a commit to what runs it, and not to the stemcell's other users", async () => {
  const found = await traceForward(findIn(nodes, "materials"), artifactKeysOf([commit]));
  assert.deepEqual(steps(found), ["build", "package", "publish", "run", "source"]);
});

test("does not ask who made a distribution's packages", async () => {
  const asked: string[] = [];
  await traceBack(findIn(nodes, "products", asked), artifactKeysOf([image]));
  assert.equal(asked.includes(`sha256:${"5".repeat(64)}`), false);
});

test("finds nothing for an artifact that nobody made", async () => {
  assert.deepEqual(await traceBack(findIn(nodes, "products"), artifactKeysOf([artifact("x", "9")])), []);
});

test("asks for each artifact once, and ends on a circle", async () => {
  const circle = [node("a", [source], [binary]), node("b", [binary], [source])];
  const asked: string[] = [];
  assert.deepEqual(steps(await traceBack(findIn(circle, "products", asked), artifactKeysOf([source]))), [
    "a",
    "b",
  ]);
  assert.equal(new Set(asked).size, asked.length);
});
