import { after, before } from "node:test";

import { testContentKeeper } from "../../../custody/src/rego/store/contract.ts";
import { openDatabase } from "../postgres/index.ts";
import { startTestDatabase } from "../postgres/postgres.testing.ts";
import type { TestDatabase } from "../postgres/postgres.testing.ts";
import { contentRows, regoMigrations } from "./index.ts";

let running: TestDatabase;
const closing: (() => Promise<void>)[] = [];
before(async () => {
  running = await startTestDatabase(regoMigrations);
});
after(async () => {
  for (const close of closing) await close();
  await running.stop();
});

let count = 0;

testContentKeeper("the keeper of contents in PostgreSQL", async () => {
  const name = `rego_${++count}`;
  await running.database.query(`CREATE DATABASE ${name}`);
  const database = openDatabase({ ...running.connection, database: name });
  closing.push(() => database.close());
  await database.migrate(regoMigrations);
  return contentRows(database);
});
