import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { DeliveryEvent } from "custody/control";
import { instantOf } from "custody/ground";

import { EventTeller } from "./event-teller.ts";

interface Told {
  readonly teller: EventTeller;
  readonly kept: DeliveryEvent[];
  readonly lost: unknown[];
}

/** A teller over a store whose every write takes as long as `pauses` says, in turn; negative: it fails. */
function open(...pauses: readonly number[]): Told {
  const kept: DeliveryEvent[] = [];
  const lost: unknown[] = [];
  let writes = 0;
  const add = async (event: DeliveryEvent): Promise<void> => {
    const pause = pauses[writes++ % Math.max(pauses.length, 1)] ?? 0;
    await sleep(Math.abs(pause));
    if (pause < 0) throw new Error("not kept");
    kept.push(event);
  };
  const teller = new EventTeller({ add, listAfter: async () => [] }, (error) => lost.push(error));
  return { teller, kept, lost };
}

function event(message: string, kind: DeliveryEvent["kind"] = "progress"): DeliveryEvent {
  return { delivery: "1", phase: "steps", kind, message, at: instantOf(0) };
}

test("keeps events in their order, however long each write takes", async () => {
  const { teller, kept } = open(20, 1, 10);
  const messages = ["a", "b", "c", "d"];
  for (const message of messages) teller.tell(event(message, "finished"));
  await teller.told();
  assert.deepEqual(
    kept.map(({ message }) => message),
    messages,
  );
});

test("puts progress that comes faster than it is written together, the newest of it where it is too much", async () => {
  const { teller, kept } = open(5);
  for (let i = 0; i < 1000; i++) teller.tell(event(`line ${i}`));
  teller.tell(event("done", "finished"));
  await teller.told();
  assert.equal(kept.length, 3);
  assert.equal(kept[0]?.message, "line 0");
  assert.equal(kept[1]?.message.length, 4000);
  assert.ok(kept[1]?.message.endsWith("\nline 999"));
  assert.equal(kept[2]?.message, "done");
});

test("keeps no more than 2000 events of progress, and says that there was more", async () => {
  const { teller, kept } = open();
  for (let i = 0; i < 2100; i++) {
    teller.tell(event(`line ${i}`));
    await teller.told();
  }
  teller.tell(event("done", "finished"));
  await teller.told();
  assert.deepEqual([kept.length, kept.at(-2)?.message], [2001, "… more is not shown"]);
  assert.equal(kept.at(-1)?.message, "done");
});

test("goes on after a write that failed", async () => {
  const { teller, kept, lost } = open(-1, 1);
  teller.tell(event("lost", "finished"));
  teller.tell(event("kept", "finished"));
  await teller.told();
  assert.deepEqual([kept.map(({ message }) => message), lost.length], [["kept"], 1]);
});
