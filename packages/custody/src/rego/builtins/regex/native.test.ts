import assert from "node:assert/strict";
import { test } from "node:test";

import { array, assert as check, constantFrom, integer, oneof, property, string, tuple } from "fast-check";
import type { Arbitrary } from "fast-check";
import { RE2JS } from "re2js";

import { findNative } from "./native.ts";

test("patterns that are plain and tell their way run in V8", () => {
  for (const pattern of [
    "^[0-9]+([A-Za-z]*)$",
    "^[a-zA-Z]+.agilebank.demo$",
    "^\\d{1,3}(?:\\.\\d{1,3}){3}$",
    "^(?:a|b|cd)*$",
    "^v[0-9]+\\.[0-9]+",
    "^sha256:[a-f0-9]{64}$",
    "foo",
    "a[0-9]{3}",
    "^$",
    "",
  ]) {
    assert.ok(findNative(pattern), pattern);
  }
});

test("everything else is left to RE2", () => {
  for (const pattern of [
    "[0-9]+", // from every place again, to the end
    "^(?:a+)+$",
    "^(?:a|a)*$",
    "^(?:|)(?:|)$",
    "^(?:a|ab)+c$",
    "^a*b*a*$",
    "^(?:a?b?){9}$",
    "^a?a?a?a?a?$",
    "^(a)*$", // the last of several matches
    "^(?:a?)*$",
    "a|^b",
    "a$|b",
    "^a+?",
    "a**",
    "(?i)a",
    "(?P<n>a)",
    "\\bfoo",
    "\\pL",
    "[[:alpha:]]",
    "\\Qa\\E",
    "é",
    "(",
    "a{1000}",
    "(((((((((((((((((((((a)))))))))))))))))))))",
    "x".repeat(300),
  ]) {
    assert.equal(findNative(pattern), undefined, pattern);
  }
});

const atom = constantFrom(
  "a",
  "b",
  "0",
  "-",
  "\\.",
  "\\d",
  "\\w",
  "\\s",
  "\\W",
  "[ab]",
  "[^a]",
  "[0-9a-f]",
  ".",
  "[-.]",
  "[\\d-]",
  "\\$",
);
const suffix = constantFrom("", "", "", "*", "+", "?", "{2}", "{1,3}", "{1,}");
const item: Arbitrary<string> = oneof(
  tuple(atom, suffix).map(([one, repeat]) => one + repeat),
  tuple(array(atom, { minLength: 1, maxLength: 3 }), constantFrom("(", "(?:"), suffix).map(
    ([atoms, open, repeat]) => `${open}${atoms.join("")})${repeat}`,
  ),
  tuple(atom, atom, constantFrom("(", "(?:"), suffix).map(
    ([a, b, open, repeat]) => `${open}${a}|${b})${repeat}`,
  ),
);
const pattern = tuple(constantFrom("", "^", "^"), array(item, { maxLength: 5 }), constantFrom("", "$")).map(
  ([start, items, end]) => start + items.join("") + end,
);
const text = string({
  unit: constantFrom("a", "b", "0", "9", "-", ".", " ", "\n", "é", "\u{1f600}", "\u2028", "$", "F"),
  maxLength: 12,
});

test("what runs in V8 matches as RE2 does, groups included", () => {
  let natives = 0;
  check(
    property(pattern, array(text, { minLength: 4, maxLength: 8 }), (source, texts) => {
      const native = findNative(source);
      if (!native) return;
      natives++;
      const re2 = RE2JS.compile(source);
      for (const one of texts) {
        assert.equal(native.expression.test(one), re2.test(one), `${source} in ${JSON.stringify(one)}`);
        if (native.isAnchored)
          assert.deepEqual(nativeGroups(native.expression, one), re2Groups(re2, one), source);
      }
    }),
    { numRuns: 2_000 },
  );
  assert.ok(natives > 300, `only ${natives} patterns ran in V8`);
});

function nativeGroups(expression: RegExp, text: string): (string | null)[] | undefined {
  const found: readonly (string | undefined)[] | null = expression.exec(text);
  return found?.map((group) => group ?? null);
}

function re2Groups(re2: RE2JS, text: string): (string | null)[] | undefined {
  const matcher = re2.matcher(text);
  if (!matcher.find()) return undefined;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i));
}

test("no text makes what runs in V8 slow", () => {
  const hostile = ["a", "0", "ab", "a0", "-", " "].map((unit) => unit.repeat(100_000));
  check(
    property(pattern, integer({ min: 0, max: hostile.length - 1 }), (source, i) => {
      const native = findNative(source);
      const start = performance.now();
      native?.expression.test(`${hostile[i]}\n!`);
      assert.ok(performance.now() - start < 500, source);
    }),
    { numRuns: 500 },
  );
});
