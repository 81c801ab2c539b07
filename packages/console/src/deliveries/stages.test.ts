import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { ShownEvent } from "../api/shapes.ts";
import { nextStepOf } from "./next-step.ts";
import { stagesOf } from "./stages.ts";

const begun = 1000;
const event = (
  phase: string,
  kind: ShownEvent["kind"],
  at: number,
  message = `${phase} ${kind}`,
): ShownEvent => ({
  number: at,
  phase,
  kind,
  message,
  at,
});
const states = (events: readonly ShownEvent[], phase: string): string =>
  stagesOf(events, phase, begun)
    .map(({ state }) => state[0])
    .join("");

describe("the stages of a delivery", () => {
  test("one works, those before it are done, those after it wait", () => {
    assert.equal(states([], "source"), "wwwwwww");
    assert.deepEqual(
      stagesOf([event("source", "finished", 1500)], "steps", begun).map(({ state }) => state),
      ["done", "done", "working", "waiting", "waiting", "waiting", "waiting"],
    );
  });

  test("all are done of one that is done", () => {
    assert.equal(states([], "done"), "ddddddd");
  });

  test("one that ended badly ended at the stage that told last", () => {
    const events = [event("source", "finished", 1500), event("stemcells", "progress", 1600)];
    const shown = stagesOf(events, "refused", begun);
    assert.deepEqual(
      shown.map(({ state }) => state),
      ["done", "refused", "waiting", "waiting", "waiting", "waiting", "waiting"],
    );
  });

  test("a stage begins where the one before it ended", () => {
    const events = [
      event("source", "finished", 1500),
      event("stemcells", "finished", 4000),
      event("steps", "progress", 4100),
    ];
    const [source, stemcells, steps, packing] = stagesOf(events, "steps", begun);
    assert.deepEqual([source?.startedAt, source?.finishedAt], [1000, 1500]);
    assert.deepEqual([stemcells?.startedAt, stemcells?.finishedAt], [1500, 4000]);
    assert.deepEqual([steps?.startedAt, steps?.finishedAt], [4000, undefined]);
    assert.equal(packing?.startedAt, undefined);
  });

  test("what it said comes line by line, of much the last; what it came to stands apart", () => {
    const long = Array.from({ length: 600 }, (_, i) => `line ${i}`).join("\n");
    const events = [event("source", "progress", 1, long), event("source", "finished", 2, "signed by ada")];
    const [source] = stagesOf(events, "steps", begun);
    assert.deepEqual([source?.lines.length, source?.leftOut], [500, 100]);
    assert.equal(source?.lines.at(-1), "line 599");
    assert.deepEqual(source?.outcome, ["signed by ada"]);
  });
});

describe("the next step", () => {
  test("is that of the longest beginning of the code that is known", () => {
    assert.match(nextStepOf("source/unsigned", "hello"), /git commit -S/);
    assert.match(nextStepOf("source/key-expired", "hello"), /a key that is valid now/);
    assert.match(nextStepOf("source/anything", "hello"), /git log --show-signature/);
  });

  test("of a code that nobody here gave is to look at the rules", () => {
    assert.match(
      nextStepOf("acme/no-friday", "hello"),
      /hello's policy decided this: .custody policy rules. shows/,
    );
  });
});
