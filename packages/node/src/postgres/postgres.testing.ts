import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openDatabase, startPostgres } from "./index.ts";
import type { Connection, Database, Migration } from "./index.ts";

export interface TestDatabase {
  readonly database: Database;
  readonly connection: Connection;
  readonly stop: () => Promise<void>;
}

/** A PostgreSQL of its own for one test file, which stops it when its tests are over. */
export async function startTestDatabase(migrations: readonly Migration[] = []): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "custody-pg-"));
  const postgres = await startPostgres({ directory });
  const database = openDatabase({ ...postgres.connection });
  await database.migrate(migrations);
  const stop = async () => {
    await database.close();
    await postgres.stop();
    await rm(directory, { recursive: true });
  };
  return { database, connection: postgres.connection, stop };
}
