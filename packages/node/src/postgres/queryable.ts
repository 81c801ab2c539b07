import type { ClientBase, Pool } from "pg";

import { faultOf } from "./faults.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement. `$1`, `$2` … in the text stand for the values; rows come as objects by column name. */
export interface Queryable {
  /** @throws CustodyError `postgres/unavailable`, `postgres/timeout`, `postgres/statement` … */
  query<R extends Row>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
}

/** The statements of a pool or a client, with its errors told as faults. */
export function queryableOver(client: Pool | ClientBase): Queryable {
  return {
    async query<R extends Row>(text: string, values: readonly unknown[] = []) {
      try {
        return (await client.query<R>(text, [...values])).rows;
      } catch (error) {
        throw faultOf(error);
      }
    },
  };
}
