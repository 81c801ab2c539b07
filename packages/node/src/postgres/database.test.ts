import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { openDatabase } from "./index.ts";
import type { Database } from "./index.ts";
import { startTestDatabase } from "./postgres.testing.ts";
import type { TestDatabase } from "./postgres.testing.ts";

let database: Database;
let connection: TestDatabase["connection"];
let stop: TestDatabase["stop"];
before(async () => {
  ({ database, connection, stop } = await startTestDatabase([
    { name: "test/1", sql: "CREATE TABLE account (name text PRIMARY KEY, amount int NOT NULL)" },
    { name: "test/2", sql: "INSERT INTO account VALUES ('a', 100); INSERT INTO account VALUES ('b', 100);" },
  ]));
});
after(() => stop());

test("rolls back everything when the work throws, and throws the same", async () => {
  const mine = new Error("mine");
  const work = database.transaction(async (transaction) => {
    await transaction.query("UPDATE account SET amount = 0");
    throw mine;
  });
  await assert.rejects(work, (error) => error === mine);
  assert.deepEqual(await database.query("SELECT sum(amount)::int AS s FROM account"), [{ s: 200 }]);
});

test("runs a serializable transaction again until it can be placed", async () => {
  let runs = 0;
  const move = (from: string, to: string) =>
    database.transaction(
      async (transaction) => {
        runs++;
        const rows = await transaction.query("SELECT sum(amount)::int AS s FROM account");
        assert.deepEqual(rows, [{ s: 200 }]);
        await sleep(20);
        await transaction.query("UPDATE account SET amount = amount - 1 WHERE name = $1", [from]);
        await transaction.query("UPDATE account SET amount = amount + 1 WHERE name = $1", [to]);
      },
      { isolation: "serializable" },
    );
  await Promise.all([move("a", "b"), move("b", "a"), move("a", "b")]);
  assert.ok(runs > 3, `${runs} runs`);
});

test("gives up on a conflict that does not end", async () => {
  let runs = 0;
  const work = database.transaction(async (transaction) => {
    runs++;
    await transaction.query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
  });
  await assert.rejects(work, { code: "postgres/conflict" });
  assert.equal(runs, 5);
});

test("tells apart a statement that is wrong, one that is too slow, and a database that is not there", async () => {
  await assert.rejects(database.query("SELECT nothing"), { code: "postgres/statement" });
  const impatient = openDatabase({ ...connection }, { statementTimeoutMilliseconds: 50 });
  await assert.rejects(impatient.query("SELECT pg_sleep(5)"), { code: "postgres/timeout" });
  await impatient.close();
  const absent = openDatabase({ ...connection, host: "/nonexistent" });
  await assert.rejects(absent.query("SELECT 1"), { code: "postgres/unavailable" });
  await assert.rejects(
    absent.transaction(async () => undefined),
    { code: "postgres/unavailable" },
  );
  await absent.close();
});

test("survives its connections being ended by the database", async () => {
  await database.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS NOT NULL",
  );
  const work = database.transaction((transaction) =>
    transaction.query("SELECT pg_terminate_backend(pg_backend_pid())"),
  );
  await assert.rejects(work, { code: "postgres/unavailable" });
  assert.deepEqual(await database.query("SELECT 1 AS n"), [{ n: 1 }]);
});

test("migrates once, whoever comes first, and all or nothing", async () => {
  const other = openDatabase({ ...connection, database: await makeDatabase("migrated") });
  const steps = [{ name: "a/1", sql: "CREATE TABLE a (n int)" }];
  await Promise.all([other.migrate(steps), other.migrate(steps), other.migrate(steps)]);
  const broken = [...steps, { name: "a/2", sql: "CREATE TABLE b (n int)" }, { name: "a/3", sql: "NONSENSE" }];
  await assert.rejects(other.migrate(broken), { code: "postgres/statement" });
  await assert.rejects(other.query("SELECT * FROM b"), { code: "postgres/statement" });
  await other.migrate(broken.slice(0, 2));
  await assert.rejects(other.migrate(steps), { code: "postgres/newer-schema", subject: "a/2" });
  const changed = [{ name: "a/1", sql: "CREATE TABLE a (n bigint)" }, broken[1]!];
  await assert.rejects(other.migrate(changed), { code: "postgres/migration-changed", subject: "a/1" });
  await other.close();
});

async function makeDatabase(name: string) {
  await database.query(`CREATE DATABASE ${name}`);
  return name;
}

test("hears notifications, and says when it may have missed some", async (t) => {
  const heard: (string | undefined)[] = [];
  const stopListening = await database.listen('odd "channel"', (payload) => void heard.push(payload));
  t.after(stopListening);
  const until = async (count: number) => {
    for (let i = 0; i < 200 && heard.length < count; i++) await sleep(20);
    assert.equal(heard.length, count);
  };
  await until(1);
  await database.query("SELECT pg_notify($1, 'one')", ['odd "channel"']);
  await until(2);
  await database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
  await until(3);
  await database.query("SELECT pg_notify($1, 'two')", ['odd "channel"']);
  await until(4);
  assert.deepEqual(heard, [undefined, "one", undefined, "two"]);
});
