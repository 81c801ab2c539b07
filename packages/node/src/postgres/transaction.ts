import { setTimeout as sleep } from "node:timers/promises";

import { findFaultCode } from "custody/ground";
import type { Pool, PoolClient } from "pg";

import { faultOf } from "./faults.ts";
import { queryableOver } from "./queryable.ts";
import type { Queryable } from "./queryable.ts";

export interface TransactionOptions {
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
}

const attempts = 5;
const pauseMilliseconds = 10;

/** See `Database.transaction`. */
export async function runTransaction<T>(
  pool: Pool,
  work: (transaction: Queryable) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(pool, work, options);
    } catch (error) {
      if (findFaultCode(error) !== "postgres/conflict" || attempt === attempts) throw error;
      await sleep(Math.random() * pauseMilliseconds * 2 ** attempt);
    }
  }
}

async function attemptOnce<T>(
  pool: Pool,
  work: (transaction: Queryable) => Promise<T>,
  { isolation = "read committed" }: TransactionOptions,
): Promise<T> {
  const client = await connect(pool);
  const transaction = queryableOver(client);
  let broken: Error | undefined;
  const onError = (error: Error) => (broken = error);
  client.on("error", onError);
  try {
    await transaction.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    const result = await work(transaction);
    await transaction.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((rollbackError: Error) => (broken = rollbackError));
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw faultOf(error);
  }
}
