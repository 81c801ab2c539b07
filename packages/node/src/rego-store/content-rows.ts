import type { Database, Migration } from "@custody/node/postgres";
import { noContent } from "custody/rego/store";
import type { ContentKeeper, KeptContent } from "custody/rego/store";

/** The table of {@link contentRows}: one row, and texts of JSON as they came. */
export const regoMigrations: readonly Migration[] = [
  {
    name: "rego/1",
    sql: `
      CREATE TABLE rego_content (
        sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
        revision bigint NOT NULL,
        data text NOT NULL,
        modules text NOT NULL
      );
    `,
  },
];

type ContentRow = Readonly<Record<"data" | "modules" | "revision", string>>;

/** A {@link ContentKeeper} in PostgreSQL, whose {@link regoMigrations} were applied. */
export function contentRows(database: Database): ContentKeeper {
  return {
    read: async () => {
      const [row] = await database.query<ContentRow>("SELECT revision, data, modules FROM rego_content");
      return row ? contentOf(row) : noContent;
    },
    readRevision: async () => {
      const [row] = await database.query<Pick<ContentRow, "revision">>("SELECT revision FROM rego_content");
      return Number(row?.revision ?? 0);
    },
    replace: (next) => replace(database, next),
  };
}

function contentOf({ revision, data, modules }: ContentRow): KeptContent {
  return { revision: Number(revision), data, modules: new Map(JSON.parse(modules) as [string, string][]) };
}

async function replace(database: Database, { revision, data, modules }: KeptContent): Promise<boolean> {
  const values = [revision, data, JSON.stringify([...modules])];
  const sql =
    revision === 1
      ? "INSERT INTO rego_content (revision, data, modules) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1"
      : "UPDATE rego_content SET revision = $1, data = $2, modules = $3 WHERE revision = $1 - 1 RETURNING 1";
  return (await database.query(sql, values)).length > 0;
}
