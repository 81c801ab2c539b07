import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { joinBlocks } from "./blocks.ts";
import { layOut } from "./layout.ts";
import { nodeSize } from "./node-size.ts";
import type { Place } from "./layout.ts";

const line = {
  nodes: ["signer", "source", "build", "gate"],
  edges: [
    { from: "signer", to: "source" },
    { from: "source", to: "build" },
    { from: "build", to: "gate" },
  ],
};

/** A gate that lets in so many processes. */
function fan(count: number): { nodes: string[]; edges: { from: string; to: string }[] } {
  const processes = Array.from({ length: count }, (_, i) => `process ${i}`);
  return {
    nodes: [...line.nodes, ...processes],
    edges: [...line.edges, ...processes.map((to) => ({ from: "gate", to }))],
  };
}

function overlaps(a: Place, b: Place): boolean {
  return Math.abs(a.x - b.x) < nodeSize.width && Math.abs(a.y - b.y) < nodeSize.height;
}

function assertApart(places: ReadonlyMap<string, Place>): void {
  const all = [...places];
  for (const [i, [id, place]] of all.entries())
    for (const [other, its] of all.slice(i + 1)) assert.ok(!overlaps(place, its), `${id} covers ${other}`);
}

describe("where nodes stand", () => {
  test("a hand-off stands to the right of what it takes in", () => {
    const places = layOut(line);
    const xs = line.nodes.map((id) => places.get(id)?.x ?? Number.NaN);
    assert.deepEqual(
      xs,
      xs.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(xs).size, 4);
  });

  test("no node covers another, few or many", () => {
    for (const count of [3, 23, 24, 200]) assertApart(layOut(fan(count)));
  });

  test("an edge of a node that there is not is passed over", () => {
    const places = layOut({ ...line, edges: [...line.edges, { from: "gate", to: "nowhere" }] });
    assert.deepEqual([...places.keys()].toSorted(), line.nodes.toSorted());
  });

  test("many with the same neighbours stand in rows, right of what they come from, in their order", () => {
    const places = layOut(fan(100));
    const gate = places.get("gate");
    const processes = [...places].filter(([id]) => id.startsWith("process"));
    assert.equal(processes.length, 100);
    assert.ok(gate && processes.every(([, { x }]) => x > gate.x));
    assert.equal(new Set(processes.map(([, { x }]) => x)).size, 9, "columns");
    const [first, second] = [places.get("process 0"), places.get("process 1")];
    assert.ok(first && second && first.y === second.y && first.x < second.x);
  });

  test("ten thousand processes of one image are no more work than one", () => {
    assert.equal(layOut(fan(10_000)).size, 10_004);
  });
});

describe("blocks", () => {
  test("few stay by themselves; many with other neighbours do as well", () => {
    assert.equal(joinBlocks(fan(23)).blocks.size, 0);
    assert.equal(joinBlocks(fan(24)).blocks.size, 1);
    const chain = Array.from({ length: 100 }, (_, i) => `step ${i}`);
    const edges = chain.slice(1).map((to, i) => ({ from: `step ${i}`, to }));
    assert.equal(joinBlocks({ nodes: chain, edges }).blocks.size, 0);
  });

  test("a block keeps its edges through its first member", () => {
    const { nodes, edges, blocks } = joinBlocks(fan(30));
    assert.deepEqual(nodes, [...line.nodes, "process 0"]);
    assert.deepEqual(edges.at(-1), { from: "gate", to: "process 0" });
    assert.equal(blocks.get("process 0")?.members.length, 30);
  });

  test("blocks beside each other stay tied", () => {
    const sources = Array.from({ length: 30 }, (_, i) => `source ${i}`);
    const sinks = Array.from({ length: 30 }, (_, i) => `sink ${i}`);
    const edges = sources.flatMap((from) => sinks.map((to) => ({ from, to })));
    const joined = joinBlocks({ nodes: [...sources, ...sinks], edges });
    assert.deepEqual(joined.edges, [{ from: "source 0", to: "sink 0" }]);
    assertApart(layOut({ nodes: [...sources, ...sinks], edges }));
  });
});
