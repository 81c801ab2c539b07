import assert from "node:assert/strict";
import { test } from "node:test";

import type { PictureNode } from "custody/graph";

import { firstLook } from "./first-look.ts";
import type { Place } from "./layout.ts";

const pane = { innerWidth: 1280, innerHeight: 900 };
const node = (id: string, kind: PictureNode["kind"]): PictureNode => ({
  id,
  kind,
  title: id,
  detail: "",
  state: "verified",
  reasons: [],
});
const lookAt = (image: Place, last: Place, nodes = [node("image", "image"), node("last", "process")]) =>
  firstLook({ picture: { nodes, edges: [] }, places: new Map(Object.entries({ image, last })) }, pane);

test("a picture that can be read as a whole is shown as one", () => {
  assert.equal(lookAt({ x: 0, y: 0 }, { x: 1800, y: 700 }), "whole");
});

test("of a high one its width is shown, beside the newest image", () => {
  const look = lookAt({ x: 900, y: 5000 }, { x: 1828, y: 13_000 });
  assert.deepEqual(look, { x: 1000, y: 5062, zoom: 1280 / 2000 });
});

test("of a wide one as much as can be read, around the newest image; never larger than it is drawn", () => {
  assert.deepEqual(lookAt({ x: 900, y: 100 }, { x: 20_000, y: 9000 }), { x: 986, y: 162, zoom: 0.35 });
  assert.deepEqual(lookAt({ x: 0, y: 100 }, { x: 300, y: 9000 }), { x: 236, y: 162, zoom: 1 });
});

test("without an image the beginning is shown", () => {
  const look = lookAt({ x: 900, y: 5000 }, { x: 1828, y: 13_000 }, [node("last", "process")]);
  assert.deepEqual(look, { x: 1000, y: 62, zoom: 0.64 });
});
