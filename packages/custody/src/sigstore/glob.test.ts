import assert from "node:assert/strict";
import { test } from "node:test";

import { matchesName } from "./glob.ts";

function check(wanted: string, name: string, expected: boolean): void {
  assert.equal(matchesName(wanted, name), expected, `${wanted} on ${name}`);
}

test("a name without glob: is compared character for character", () => {
  check("https://example.org/a", "https://example.org/a", true);
  for (const name of [
    "https://example.org/",
    "https://example.org/ab",
    "xhttps://example.org/a",
    "",
    "HTTPS://example.org/a",
  ]) {
    check("https://example.org/a", name, false);
  }
  check("https://example.org/*", "https://example.org/a", false);
  check("https://example.org/.", "https://example.org/a", false);
  check("", "https://example.org/a", false);
});

test("behind glob: * stays between slashes, and ** crosses them", () => {
  check("glob:https://example.org/*", "https://example.org/a", true);
  check("glob:https://example.org/*", "https://example.org/a/b", false);
  check("glob:https://example.org/**", "https://example.org/a/b", true);
  check("glob:https://*/a", "https://example.org/evil/a", false);
  check("glob:*@example.org", "me@example.org", true);
  check("glob:*@example.org", "me@example.org.evil", false);
  check("glob:*@example.org", "https://evil/@example.org", false);
  check("glob:a*b*c", "aXbYbZc", true);
  check("glob:a*b*c", "ac", false);
  check("glob:", "", true);
  check("glob:exact", "exact", true);
  check("glob:exact", "exactly", false);
});

test("a pattern made to take for ever does not", () => {
  const begin = performance.now();
  check(`glob:${"*a".repeat(200)}b`, "a".repeat(4000), false);
  assert.ok(performance.now() - begin < 5000);
});
