import assert from "node:assert/strict";
import { test } from "node:test";

import type { ChainPicture, PictureNode } from "custody/graph";

import { pictureSvg } from "./picture-svg.ts";

const node = (id: string, told: Partial<PictureNode> = {}): PictureNode => ({
  id,
  kind: "hand-off",
  title: id,
  detail: "",
  state: "verified",
  reasons: [],
  bundle: undefined,
  at: undefined,
  ...told,
});
const places = new Map([
  ["a", { x: 0, y: 0 }],
  ["b", { x: 300, y: 100 }],
]);
const draw = (picture: Partial<ChainPicture>): string =>
  pictureSvg({ nodes: [], edges: [], ...picture }, places);

test("holds every node with its state in words, and every edge with its digest", () => {
  const svg = draw({
    nodes: [node("a"), node("b", { state: "missing" })],
    edges: [{ from: "a", to: "b", digests: ["sha256:0123456789abcdef"], state: "tied" }],
  });
  assert.match(svg, /✓ verified/);
  assert.match(svg, /∅ missing/);
  assert.match(svg, /stroke-dasharray/);
  assert.match(svg, />0123456789ab</);
  assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="496" height="248"/);
});

test("text stays text, and what is no character of XML is none in it", () => {
  const title = `<script>alert("1")</script>`;
  const svg = draw({ nodes: [node("a", { title, detail: "a\u0000b\ud800c & 'd'" })] });
  assert.doesNotMatch(svg, /<script/);
  assert.match(svg, /&lt;script&gt;/);
  assert.match(svg, /a\ufffdb\ufffdc &amp; &#39;d&#39;/);
});

test("long words are cut, with a sign that they were", () => {
  const svg = draw({ nodes: [node("a", { title: "t".repeat(100), detail: "d".repeat(300) })] });
  assert.match(svg, />t{17}…</);
  assert.equal(svg.match(/>d+…?</g)?.length, 3);
  assert.match(svg, /d…</);
});

test("what stands nowhere is not drawn", () => {
  const svg = draw({
    nodes: [node("elsewhere")],
    edges: [{ from: "a", to: "elsewhere", digests: [], state: "tied" }],
  });
  assert.doesNotMatch(svg, /elsewhere|<path/);
});
