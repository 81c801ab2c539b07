import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { instantOf } from "custody/ground";

import { controlMigrations } from "../control-store/index.ts";
import { startTestDatabase } from "../postgres/postgres.testing.ts";
import type { TestDatabase } from "../postgres/postgres.testing.ts";
import { changeChannel, consoleMigrations, openDecisionStore, openSessionStore } from "./index.ts";
import type { KeptDecision } from "./index.ts";

let running: TestDatabase;
before(async () => {
  running = await startTestDatabase([...controlMigrations, ...consoleMigrations]);
});
after(() => running.stop());

const soon = () => instantOf(Date.now() + 60_000);
const past = () => instantOf(Date.now() - 1000);

test("a link becomes one session, whoever redeems it at the same time", async () => {
  const sessions = openSessionStore(running.database);
  await sessions.addLink("link", soon());
  const redeemed = await Promise.all(
    ["a", "b", "c"].map((hash) => sessions.redeem("link", { hash, expiresAt: soon() })),
  );
  assert.equal(redeemed.filter(Boolean).length, 1);
  const found = await Promise.all(["a", "b", "c"].map((hash) => sessions.find(hash)));
  assert.equal(found.filter((one) => one !== undefined).length, 1);
});

test("a link that has run out, or that there never was, becomes none", async () => {
  const sessions = openSessionStore(running.database);
  await sessions.addLink("old", past());
  assert.equal(await sessions.redeem("old", { hash: "d", expiresAt: soon() }), false);
  assert.equal(await sessions.redeem("no link", { hash: "d", expiresAt: soon() }), false);
  assert.equal(await sessions.find("d"), undefined);
});

test("a session ends by itself, and when it is ended", async () => {
  const sessions = openSessionStore(running.database);
  for (const [link, hash, expiresAt] of [
    ["l1", "short", past()],
    ["l2", "long", soon()],
  ] as const) {
    await sessions.addLink(link, soon());
    assert.equal(await sessions.redeem(link, { hash, expiresAt }), true);
  }
  assert.equal(await sessions.find("short"), undefined);
  assert.notEqual(await sessions.find("long"), undefined);
  await sessions.end("long");
  assert.equal(await sessions.find("long"), undefined);
});

const decision: Omit<KeptDecision, "id" | "firstAt" | "times"> = {
  gate: "admit",
  repository: "hello",
  subject: "sha256:1",
  verdict: "refused",
  reasons: [{ code: "layout/expired", subject: "hello", message: "it expired" }],
  facts: { repository: "hello", "odd\u2028key": "ø" },
  rules: [],
  gatesRevision: "sha256:2",
  lastAt: instantOf(1_700_000_000_000),
};

test("the same answer on the same facts is one row, with how often and since when it was given", async () => {
  const decisions = openDecisionStore(running.database);
  await decisions.keep(decision, "one");
  await decisions.keep({ ...decision, lastAt: instantOf(decision.lastAt + 60_000) }, "one");
  const [kept] = await decisions.list({ limit: 10 });
  assert.ok(kept);
  const { id, ...rest } = kept;
  const lastAt = decision.lastAt + 60_000;
  const expected = { ...decision, facts: undefined, lastAt, firstAt: decision.lastAt, times: 2 };
  assert.deepEqual(rest, expected);
  assert.deepEqual((await decisions.find(id))?.facts, decision.facts);
});

test("lists the newest first, page by page, and by every field", async () => {
  const decisions = openDecisionStore(running.database);
  const at = (minutes: number) => instantOf(decision.lastAt + minutes * 60_000);
  await decisions.keep(
    { ...decision, gate: "source", verdict: "allowed", reasons: [], lastAt: at(5) },
    "two",
  );
  await decisions.keep({ ...decision, repository: "other", subject: "sha256:3", lastAt: at(4) }, "three");
  const gatesOf = async (filter: object) =>
    (await decisions.list({ limit: 10, ...filter })).map(({ gate, repository }) => `${gate} ${repository}`);
  assert.deepEqual(await gatesOf({}), ["source hello", "admit other", "admit hello"]);
  const [first] = await decisions.list({ limit: 1 });
  assert.deepEqual(await gatesOf({ after: first?.id }), ["admit other", "admit hello"]);
  const rows: [object, string[]][] = [
    [{ gate: "source" }, ["source hello"]],
    [{ repository: "other" }, ["admit other"]],
    [{ verdict: "refused" }, ["admit other", "admit hello"]],
    [{ subject: "sha256:3" }, ["admit other"]],
    [{ code: "layout/expired" }, ["admit other", "admit hello"]],
    [{ code: "layout" }, []],
  ];
  for (const [filter, expected] of rows) assert.deepEqual(await gatesOf(filter), expected);
});

test("every change of what is shown is told, with its kind and whose it is", async () => {
  const { database } = running;
  const told: (string | undefined)[] = [];
  const all = Promise.withResolvers<void>();
  const stop = await database.listen(changeChannel, (payload) => {
    told.push(payload);
    if (told.length === 1) void write().catch(all.reject);
    if (told.length === 5) all.resolve();
  });
  const write = async () => {
    await database.query("INSERT INTO delivery VALUES ('d1', 'hello', 'c', 'r', 'source')");
    await database.query(
      "INSERT INTO delivery_event (delivery, phase, kind, message, at) VALUES ('d1', 'source', 'started', '', now())",
    );
    await database.query("INSERT INTO workload VALUES ('hello', 'sha256:1', 'running')");
    await openDecisionStore(database).keep(decision, "told");
  };
  await all.promise;
  await stop();
  assert.deepEqual(told, [undefined, "delivery d1", "event d1", "workload hello", "decision admit"]);
});
