import assert from "node:assert/strict";
import { test } from "node:test";

import { instantOf } from "custody/ground";

import { compareSightings, sightingOf } from "./index.ts";
import type { LogPosition } from "./index.ts";

const at = (signedAt: number, logIndex: number) => ({ signedAt: instantOf(signedAt), logIndex });

function check(earlier: ReturnType<typeof at>, later: ReturnType<typeof at>): void {
  assert.ok(compareSightings(earlier, later) < 0);
  assert.ok(compareSightings(later, earlier) > 0);
}

test("what has the earlier timestamp was seen first, whatever its place in whichever shard", () => {
  check(at(1000, 5), at(2000, 6));
  check(at(1000, 900_000), at(2000, 0));
  check(at(1000, 0), at(2000, 0));
});

test("within one second the place in the log decides", () => {
  check(at(1000, 5), at(1000, 6));
  assert.equal(compareSightings(at(1000, 5), at(1000, 5)), 0);
});

test("what no log has seen comes before all that one has in that second", () => {
  const signedAt = instantOf(1000);
  const logged: LogPosition = {
    origin: "log.example",
    index: 0,
    tree: { size: 1, rootHash: new Uint8Array(32) },
  };
  check(sightingOf({ signedAt, logged: undefined }), sightingOf({ signedAt, logged }));
});
