import { Pool } from "pg";
import type { ClientConfig } from "pg";

import { listen } from "./listen.ts";
import type { Listener, StopListening } from "./listen.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migrate.ts";
import { queryableOver } from "./queryable.ts";
import type { Queryable } from "./queryable.ts";
import { runTransaction } from "./transaction.ts";
import type { TransactionOptions } from "./transaction.ts";

/** A pool of connections to PostgreSQL. Each statement outside a transaction is its own. */
export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction, and again (5 times at most) when the database asks for that; `work` must have no
   * other effects than its statements. `isolation` is `read committed` unless said otherwise.
   *
   * @throws CustodyError `postgres/unavailable` also when it is unknown whether the commit took place; what `work`
   * throws, after everything was rolled back.
   */
  transaction<T>(work: (transaction: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Brings the schema up to date: every migration not yet applied, in order, all or none.
   *
   * @throws CustodyError `postgres/newer-schema`, `postgres/migration-changed`.
   */
  migrate(migrations: readonly Migration[]): Promise<void>;
  /**
   * Calls `listener` after each NOTIFY on the channel, and once without payload whenever some may have been missed
   * (at the start and after a lost connection): read the rows then, as if notified.
   */
  listen(channel: string, listener: Listener): Promise<StopListening>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Of the pool; a listener has a connection of its own. */
  readonly connections?: number;
  /** A statement that takes longer is broken off. */
  readonly statementTimeoutMilliseconds?: number;
}

/** Opens a database by URL or by `pg`'s connection fields. It connects at the first use. */
export function openDatabase(target: string | ClientConfig, options: DatabaseOptions = {}): Database {
  const config = {
    ...(typeof target === "string" ? { connectionString: target } : target),
    application_name: "custody",
    connectionTimeoutMillis: 10_000,
    statement_timeout: options.statementTimeoutMilliseconds ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  };
  const pool = new Pool({ ...config, max: options.connections ?? 10 });
  // An idle connection that breaks is dropped by the pool; the next query opens another.
  pool.on("error", () => undefined);
  return databaseOver(pool, config);
}

function databaseOver(pool: Pool, config: ClientConfig): Database {
  return {
    ...queryableOver(pool),
    transaction: (work, options) => runTransaction(pool, work, options),
    migrate: (migrations) => migrate(pool, migrations),
    listen: (channel, listener) => listen(config, channel, listener),
    close: () => pool.end(),
  };
}
