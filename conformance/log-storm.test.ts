import assert from "node:assert/strict";
import { test } from "node:test";

import { skip } from "../tests/live.testing.ts";
import { runStorm } from "./log-storm/storm.ts";

test(
  "a server that is killed again and again loses no acknowledged entry and never forks",
  { skip, timeout: 180_000 },
  async () => {
    const outcome = await runStorm({ appends: 3000, kills: 3, clients: 32, say: () => undefined });
    assert.equal(outcome.kills, 3);
    assert.ok(outcome.acknowledged >= 3000 && outcome.size >= outcome.acknowledged);
    assert.ok(outcome.broken > 0, "requests were under way when it was killed");
  },
);
