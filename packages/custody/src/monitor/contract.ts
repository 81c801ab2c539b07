import assert from "node:assert/strict";
import { test } from "node:test";

import type { MonitorStore } from "./ports.ts";

/** Registers the tests that every {@link MonitorStore} passes. `open` gives a new, empty one each time. */
export function testMonitorStore(name: string, open: () => Promise<MonitorStore>): void {
  test(`${name} keeps the last state whole`, async () => {
    const store = await open();
    assert.equal(await store.find(), undefined);
    for (const read of [0, 7, 9_007_199_254_740_991]) {
      const state = { checkpoint: `log\n${read}\n\n— ü\n`, read };
      await store.keep(state);
      assert.deepEqual(await store.find(), state);
    }
  });
}
