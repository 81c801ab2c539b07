import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { whenIdle } from "./idle.ts";

const names = ["requestIdleCallback", "cancelIdleCallback"] as const;
const set = (name: (typeof names)[number], value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true });
};
afterEach(() => {
  for (const name of names) Reflect.deleteProperty(globalThis, name);
  mock.timers.reset();
});

test("a browser that can say when it is idle is asked, with how long it may take", () => {
  const [request, cancel] = [mock.fn(() => 7), mock.fn()];
  set("requestIdleCallback", request);
  set("cancelIdleCallback", cancel);
  const then = mock.fn();
  whenIdle(then, 200)();
  assert.deepEqual(request.mock.calls[0]?.arguments, [then, { timeout: 200 }]);
  assert.deepEqual(cancel.mock.calls[0]?.arguments, [7]);
});

test("in one that cannot, a pause is enough; given up, nothing is called", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const [kept, givenUp] = [mock.fn(), mock.fn()];
  whenIdle(kept, 200);
  whenIdle(givenUp, 200)();
  mock.timers.tick(50);
  assert.deepEqual([kept.mock.callCount(), givenUp.mock.callCount()], [1, 0]);
});
