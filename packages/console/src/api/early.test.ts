import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { askEarly, takeEarly } from "./early.ts";

test("what was asked early is given out once, and not when it is old", async (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const answers = context.mock.method(globalThis, "fetch", async (path: string) => new Response(path));
  void askEarly("/a");
  void askEarly("/b");
  assert.equal(await (await takeEarly("/a"))?.text(), "/a");
  assert.equal(takeEarly("/a"), undefined);
  assert.equal(takeEarly("/c"), undefined);
  mock.timers.tick(10_000);
  assert.equal(takeEarly("/b"), undefined);
  assert.equal(answers.mock.callCount(), 2);
});

test("a fault is whoever's who takes it, and nobody's before", async (context) => {
  context.mock.method(globalThis, "fetch", async () => Promise.reject(new TypeError("no network")));
  askEarly("/a").catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(takeEarly("/a") ?? Promise.resolve(), /no network/);
});
