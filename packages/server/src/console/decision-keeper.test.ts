import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import type { KeptDecision } from "@custody/node/console-store";
import { formatInstant, instantOf } from "custody/ground";
import type { GateDecision } from "custody/policy";

import { DecisionKeeper } from "./decision-keeper.ts";

const image = `sha256:${"1".repeat(64)}`;
const decisionAt = (at: number, told: Partial<GateDecision> = {}): GateDecision =>
  ({
    gate: "running",
    facts: { at: formatInstant(instantOf(at)), repository: "hello", image },
    rules: [],
    verdict: { kind: "allowed", facts: undefined },
    ...told,
  }) as unknown as GateDecision;

type Kept = readonly [Omit<KeptDecision, "id" | "firstAt" | "times">, string];

function keeperInto(kept: Kept[], lost: unknown[] = [], keep?: () => Promise<void>): DecisionKeeper {
  const store = {
    keep: async (...one: Kept) => {
      await keep?.();
      kept.push(one);
    },
  };
  return new DecisionKeeper(store, nodeCrypto, (error) => lost.push(error));
}

test("the same answer on the same facts goes by one name, whenever it was given", async () => {
  const kept: Kept[] = [];
  const keeper = keeperInto(kept);
  const refused = { kind: "refused", reasons: [{ code: "a/b", subject: "s", message: "m" }] } as const;
  keeper.hear(decisionAt(1000));
  keeper.hear(decisionAt(61_000));
  keeper.hear(decisionAt(61_000, { verdict: refused }));
  await keeper.kept();
  const [first, again, other] = kept;
  assert.equal(first?.[1], again?.[1]);
  assert.notEqual(first?.[1], other?.[1]);
  assert.deepEqual(
    [first?.[0].subject, first?.[0].reasons, other?.[0].reasons],
    [image, [], refused.reasons],
  );
});

test("what cannot be written is said to be lost, and what follows is written", async () => {
  const [kept, lost]: [Kept[], unknown[]] = [[], []];
  let count = 0;
  const keeper = keeperInto(kept, lost, async () => {
    if (count++ === 0) throw new Error("the disk is full");
  });
  keeper.hear(decisionAt(1));
  keeper.hear(decisionAt(2));
  await keeper.kept();
  assert.deepEqual([lost.length, kept.length], [1, 1]);
});

test("facts past a megabyte are left out, and a thousand that wait are enough", async () => {
  const [kept, lost]: [Kept[], unknown[]] = [[], []];
  const keeper = keeperInto(kept, lost);
  const large = { at: formatInstant(instantOf(1)), repository: "hello", image, more: "x".repeat(2 ** 20) };
  keeper.hear(decisionAt(1, { facts: large as unknown as GateDecision["facts"] }));
  for (let i = 0; i < 1500; i++) keeper.hear(decisionAt(i));
  await keeper.kept();
  assert.equal("facts" in (kept[0]?.[0] ?? {}), false);
  assert.equal("facts" in (kept[1]?.[0] ?? {}), true);
  assert.ok(lost.length > 0);
  assert.equal(kept.length + lost.length, 1501);
});
