import { createHash } from "node:crypto";

import type { Pool } from "pg";

import { postgresFault } from "./faults.ts";
import type { Queryable } from "./queryable.ts";
import { runTransaction } from "./transaction.ts";

/** One step of a schema, never changed once released. Names are `room/number`, such as `log/1`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

interface AppliedRow {
  readonly [column: string]: unknown;
  readonly name: string;
  readonly checksum: string;
}

// Any constant that no other program uses for an advisory lock in the same database.
const lockKey = 7_310_441_921;

/** See `Database.migrate`. Servers that start together do it one after the other. */
export async function migrate(pool: Pool, migrations: readonly Migration[]): Promise<void> {
  await runTransaction(pool, async (transaction) => {
    await transaction.query("SELECT pg_advisory_xact_lock($1)", [lockKey]);
    await transaction.query(`CREATE TABLE IF NOT EXISTS custody_migration (
      name text PRIMARY KEY,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
    const applied = await readApplied(transaction);
    checkApplied(migrations, applied);
    for (const migration of migrations.filter(({ name }) => !applied.has(name))) {
      await apply(transaction, migration);
    }
  });
}

async function readApplied(transaction: Queryable): Promise<Map<string, string>> {
  const rows = await transaction.query<AppliedRow>("SELECT name, checksum FROM custody_migration");
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

function checkApplied(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const known = new Map(migrations.map((migration) => [migration.name, checksumOf(migration)]));
  for (const [name, checksum] of applied) {
    const expected = known.get(name);
    if (expected === undefined) {
      throw postgresFault("postgres/newer-schema", "a newer Custody has changed the database", {
        subject: name,
        next: "run that version, or restore a backup from before",
      });
    }
    if (expected !== checksum) {
      throw postgresFault("postgres/migration-changed", "a released migration is not what was applied", {
        subject: name,
        next: "run an unaltered release of Custody",
      });
    }
  }
}

async function apply(transaction: Queryable, migration: Migration): Promise<void> {
  await transaction.query(migration.sql);
  await transaction.query("INSERT INTO custody_migration (name, checksum) VALUES ($1, $2)", [
    migration.name,
    checksumOf(migration),
  ]);
}

function checksumOf({ sql }: Migration): string {
  return createHash("sha256").update(sql).digest("hex");
}
