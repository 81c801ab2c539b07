import type { Instant } from "custody/ground";
import { instantOf } from "custody/ground";

import type { Database, Row } from "../postgres/index.ts";

/**
 * Who is signed in at the console. Links and sessions are known by the hashes of their secrets only.
 *
 * Durability: what is answered is there after a crash. Concurrency: any number of processes; of two who redeem one link, one
 * gets the session.
 */
export interface SessionStore {
  addLink(linkHash: string, expiresAt: Instant): Promise<void>;
  /** Turns a link that has not run out into a session; false when it has, or was used. */
  redeem(linkHash: string, session: { readonly hash: string; readonly expiresAt: Instant }): Promise<boolean>;
  /** When the session ends; undefined when it has, or there is none. */
  find(hash: string): Promise<Instant | undefined>;
  end(hash: string): Promise<void>;
}

interface SessionRow extends Row {
  readonly expires_at: Date;
}

/** {@link SessionStore} in PostgreSQL, by its clock. What has run out goes when the next link is made. */
export function openSessionStore(database: Database): SessionStore {
  return {
    async addLink(linkHash, expiresAt) {
      await database.query("DELETE FROM sign_in_link WHERE expires_at < now()");
      await database.query("DELETE FROM console_session WHERE expires_at < now()");
      await database.query("INSERT INTO sign_in_link (hash, expires_at) VALUES ($1, $2)", [
        linkHash,
        new Date(expiresAt),
      ]);
    },
    async redeem(linkHash, { hash, expiresAt }) {
      const rows = await database.query(
        `WITH link AS (DELETE FROM sign_in_link WHERE hash = $1 RETURNING expires_at)
         INSERT INTO console_session (hash, expires_at)
         SELECT $2, $3::timestamptz FROM link WHERE expires_at > now() RETURNING 1`,
        [linkHash, hash, new Date(expiresAt)],
      );
      return rows.length === 1;
    },
    async find(hash) {
      const rows = await database.query<SessionRow>(
        "SELECT expires_at FROM console_session WHERE hash = $1 AND expires_at > now()",
        [hash],
      );
      return rows.map((row) => instantOf(row.expires_at.getTime()))[0];
    },
    async end(hash) {
      await database.query("DELETE FROM console_session WHERE hash = $1", [hash]);
    },
  };
}
