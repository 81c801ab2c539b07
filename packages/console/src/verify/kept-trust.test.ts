import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { forgetTrust, keepTrust, keptTrust, onTrust, readKept } from "./kept-trust.ts";

const stored = new Map<string, string>();
const store = {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, text: string) => void stored.set(key, text),
  removeItem: (key: string) => void stored.delete(key),
};
Object.defineProperty(globalThis, "localStorage", { value: store, configurable: true });

beforeEach(() => stored.clear());

test("what is trusted is kept, told of, and forgotten", () => {
  let told = 0;
  const end = onTrust(() => told++);
  keepTrust({ root: "{}", witnesses: "w" }, "user");
  assert.deepEqual(keptTrust(), { root: "{}", witnesses: "w" });
  assert.equal(readKept()?.source, "user");
  assert.equal(readKept(), readKept());
  forgetTrust();
  assert.deepEqual([keptTrust(), told], [undefined, 2]);
  end();
  keepTrust({ root: "{}", witnesses: undefined }, "server");
  assert.deepEqual([keptTrust()?.witnesses, told], [undefined, 2]);
});

test("what this page has not written is as if there were nothing", () => {
  const whole = { root: "{}", source: "server", since: "2026-01-01T00:00:00Z" };
  const texts = [
    "",
    "null",
    "[]",
    "{",
    ...[{ root: 1 }, { source: "x" }, { since: 5 }, { witnesses: {} }].map((change) =>
      JSON.stringify({ ...whole, ...change }),
    ),
  ];
  for (const text of texts) {
    stored.set("custody-trust", text);
    assert.equal(readKept(), undefined, text);
  }
  stored.set("custody-trust", JSON.stringify(whole));
  assert.equal(readKept()?.root, "{}");
});
