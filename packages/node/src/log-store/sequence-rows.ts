import type { Database, Migration } from "@custody/node/postgres";
import { frozen } from "custody/log";
import type { SequenceStore, WitnessedStore } from "custody/log";

/** The tables of {@link openSequenceRows}; one set serves any number of logs, by their origins. */
export const logMigrations: readonly Migration[] = [
  {
    name: "log/1",
    sql: `
      CREATE TABLE log (
        origin text PRIMARY KEY,
        next_index bigint NOT NULL DEFAULT 0,
        checkpoint text
      );
      CREATE TABLE log_entry (
        origin text NOT NULL REFERENCES log,
        index bigint NOT NULL,
        entry bytea NOT NULL,
        PRIMARY KEY (origin, index)
      );
    `,
  },
  { name: "log/2", sql: "ALTER TABLE log ADD COLUMN witnessed text" },
  { name: "log/3", sql: "ALTER TABLE log ADD COLUMN frozen boolean NOT NULL DEFAULT false" },
];

/** A {@link SequenceStore} in PostgreSQL, whose {@link logMigrations} were applied. */
export async function openSequenceRows(database: Database, origin: string): Promise<SequenceStore> {
  await database.query("INSERT INTO log (origin) VALUES ($1) ON CONFLICT DO NOTHING", [origin]);
  return {
    freeze: async () => {
      await database.query("UPDATE log SET frozen = true WHERE origin = $1", [origin]);
    },
    assign: (entries) => assign(database, origin, entries),
    readEntries: async (from, limit) => {
      const rows = await database.query<{ entry: Buffer }>(
        "SELECT entry FROM log_entry WHERE origin = $1 AND index >= $2 ORDER BY index LIMIT $3",
        [origin, from, limit],
      );
      return rows.map(({ entry }) => new Uint8Array(entry));
    },
    findCheckpoint: async () => {
      const rows = await database.query<{ checkpoint: string | null }>(
        "SELECT checkpoint FROM log WHERE origin = $1",
        [origin],
      );
      return rows[0]?.checkpoint ?? undefined;
    },
    publish: (note, expected) => publish(database, origin, note, expected),
    exclusively: (work) => exclusively(database, origin, work),
  };
}

/** A {@link WitnessedStore} beside the log's sequence, whose {@link logMigrations} were applied. */
export async function openWitnessedRow(database: Database, origin: string): Promise<WitnessedStore> {
  await database.query("INSERT INTO log (origin) VALUES ($1) ON CONFLICT DO NOTHING", [origin]);
  return {
    find: async () => {
      const rows = await database.query<{ witnessed: string | null }>(
        "SELECT witnessed FROM log WHERE origin = $1",
        [origin],
      );
      return rows[0]?.witnessed ?? undefined;
    },
    replace: async (note, expected) => {
      const rows = await database.query(
        "UPDATE log SET witnessed = $2 WHERE origin = $1 AND witnessed IS NOT DISTINCT FROM $3 RETURNING 1",
        [origin, note, expected ?? null],
      );
      return rows.length === 1;
    },
  };
}

// One statement: the row lock of the log's counter orders the writers, and counter and entries commit together.
async function assign(database: Database, origin: string, entries: readonly Uint8Array[]): Promise<number> {
  const [row] = await database.query<{ first: string }>(
    `WITH counter AS (
       UPDATE log SET next_index = next_index + $2 WHERE origin = $1 AND NOT frozen RETURNING next_index - $2 AS first
     ), added AS (
       INSERT INTO log_entry (origin, index, entry)
       SELECT $1, counter.first + item.position - 1, item.entry
       FROM counter, unnest($3::bytea[]) WITH ORDINALITY AS item (entry, position)
     )
     SELECT first FROM counter`,
    [origin, entries.length, entries.map((entry) => Buffer.from(entry))],
  );
  if (!row) throw frozen();
  return Number(row.first);
}

async function publish(
  database: Database,
  origin: string,
  note: string,
  expected: string | undefined,
): Promise<boolean> {
  const rows = await database.query(
    `UPDATE log SET checkpoint = $2
     WHERE origin = $1 AND NOT frozen AND checkpoint IS NOT DISTINCT FROM $3 RETURNING 1`,
    [origin, note, expected ?? null],
  );
  if (rows.length === 1) return true;
  const ended = await database.query("SELECT 1 FROM log WHERE origin = $1 AND frozen", [origin]);
  if (ended.length > 0) throw frozen();
  return false;
}

function exclusively<T>(database: Database, origin: string, work: () => Promise<T>): Promise<T> {
  return database.transaction(async (transaction) => {
    await transaction.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [
      `custody log ${origin}`,
    ]);
    return work();
  });
}
