import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { Way } from "@custody/playground/desk";

import { sourceLines } from "./source-lines.ts";

const policy = "package gate\n\nallow if {\n\tinput.a\n\tinput.b\n}\n\ndeny if input.c\n";
const placeOf = (text: string): Way["rule"] => {
  const from = policy.indexOf(text);
  const row = policy.slice(0, from).split("\n").length;
  return { field: "policy", from, to: from + text.length, row, col: 1 };
};
const way = (told: Partial<Way>): Way => ({
  kind: "held",
  isDefault: false,
  isDecisive: true,
  rule: placeOf("allow if {\n\tinput.a\n\tinput.b\n}"),
  text: "allow if {",
  known: [],
  ...told,
});
const marksOf = (...ways: Way[]): (readonly [number, string, string | undefined])[] =>
  sourceLines(policy, { trace: [{ name: "data.gate.allow", isFunction: false, ways }] }).flatMap(
    ({ number, mark, note }) => (mark ? [[number, mark, note] as const] : []),
  );

describe("the lines that decided", () => {
  test("every line of the policy is there, in its order", () => {
    const lines = sourceLines(policy, { trace: [] });
    assert.equal(lines.map(({ text }) => text).join("\n"), policy);
    assert.deepEqual(
      lines.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  });

  test("a rule that held is marked whole, with what the facts said at its first line", () => {
    assert.deepEqual(marksOf(way({ known: [["input.a", "true"]] })), [
      [3, "held", "input.a is true"],
      [4, "held", undefined],
      [5, "held", undefined],
      [6, "held", undefined],
    ]);
  });

  test("a rule that was not got past is marked where it stopped", () => {
    const stop = { place: placeOf("input.b"), text: "input.b" };
    assert.deepEqual(marksOf(way({ kind: "stopped", stop, known: [["input.b", "false"]] })), [
      [5, "stopped", "input.b is false"],
    ]);
  });

  test("where both are, stopping says more", () => {
    const stop = { place: placeOf("input.b"), text: "input.b" };
    const marks = marksOf(way({ kind: "stopped", stop }), way({}));
    assert.deepEqual(
      marks.map(([, mark]) => mark),
      ["held", "held", "stopped", "held"],
    );
  });

  test("what did not decide, or stands in another text, is not marked", () => {
    assert.deepEqual(marksOf(way({ isDecisive: false })), []);
    assert.deepEqual(marksOf(way({ rule: { ...placeOf("deny if input.c"), field: "tests" } })), []);
  });

  test("long facts are cut", () => {
    const [[, , note] = []] = marksOf(way({ known: [["input.a", "x".repeat(500)]] }));
    assert.equal(note?.length, 161);
  });
});
