import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";

import { createFile, lockDirectory, makeDirectory, replaceFile } from "@custody/node/files";
import { ensureRequirements } from "@custody/node/host";
import { openDatabase, startPostgres } from "@custody/node/postgres";
import type { Database } from "@custody/node/postgres";
import { fulcioFault, parseIssuerConfiguration } from "custody/fulcio";
import type { OidcIssuer } from "custody/fulcio";
import { utf8 } from "custody/ground";
import type { Secret } from "custody/ground";
import { parseTrustDomain } from "custody/spiffe";

import { buildApp } from "./app.ts";
import { makeSignInLink } from "./console/session-door.ts";
import { openDiagnostics } from "./diagnostics.ts";
import { listen, parseListen } from "./listen.ts";
import type { ShardPlan } from "./log-shards.ts";
import { openToken } from "./token.ts";
import { wire } from "./wiring.ts";
import type { Wired } from "./wiring.ts";

export interface ServerOptions {
  /** Everything that lasts is below it. */
  readonly directory: string;
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly trustDomain: string;
  /** `postgres://…`; without it the server starts its own PostgreSQL below the directory. */
  readonly database?: string;
  /** Under which URL others reach the server, where it is not the one that it listens on. */
  readonly url?: string;
  /** A file of issuers in Fulcio's format, whose identity tokens certificates are given for. */
  readonly oidcIssuers?: string;
  /** The file of a witness policy (C2SP tlog-policy) that is in force from now on, in this life and the next ones. */
  readonly witnessPolicy?: string;
  /** When this start begins another shard of the log. */
  readonly shardPlan?: ShardPlan;
  /** Whether missing host tools may be installed. */
  readonly install: boolean;
  /** Hears, in lines for people, what the start does. */
  readonly say: (line: string) => void;
}

/** A server that runs in this process. */
export interface CustodyServer {
  readonly url: string;
  readonly directory: string;
  readonly token: Secret<string>;
  /** What the server is made of: for the demo and for tests, which attack it from inside. */
  readonly wired: Wired;
  /** A link that signs in at the console, once and within ten minutes. */
  makeSignInLink(): Promise<string>;
  /** Breaks off the hand-off under way, which the next start does again, ends what runs, and closes everything. Again is no fault. */
  stop(): Promise<void>;
}

/**
 * Starts Custody on a directory: host tools, lock, database, keys, log, registry, then the doors, then the work that a
 * last life left undone.
 *
 * @throws CustodyError `files/locked` with the owner's pid, `host/…`, `postgres/…`, `server/…`.
 */
export async function startServer(options: ServerOptions): Promise<CustodyServer> {
  const directory = resolve(options.directory);
  const trustDomain = parseTrustDomain(options.trustDomain);
  const { host, port } = parseListen(options.listen);
  const issuers = await readIssuers(options.oidcIssuers);
  await makeDirectory(directory, 0o700);
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close; close = closers.pop()) await close();
  };
  try {
    const lock = await lockDirectory(directory);
    closers.push(() => lock.release());
    await ensureRequirements({ install: options.install, say: options.say });
    const database = await openOwnDatabase(directory, options.database, closers);
    const diagnostics = openDiagnostics();
    const token = await openToken(directory);
    const owner = await openOwnerId(directory);
    const site = {
      directory,
      trustDomain,
      issuers,
      ...(options.url === undefined ? {} : { publicUrl: options.url }),
      ...(options.shardPlan === undefined ? {} : { shardPlan: options.shardPlan }),
      ...(options.witnessPolicy === undefined ? {} : { witnessPolicy: resolve(options.witnessPolicy) }),
    };
    const wired = await wire({ ...site, database, token, diagnostics, owner });
    closers.push(() => wired.close());
    const app = await buildApp({ ...wired.doors, token, diagnostics });
    closers.push(() => app.close());
    const url = await listen(app, { host, port });
    await wired.start(url);
    closers.push(() => wired.stop());
    const address = join(directory, "server.json");
    await replaceFile(address, utf8(`${JSON.stringify({ url, pid: process.pid })}\n`));
    closers.push(() => rm(address, { force: true }));
    const makeLink = async (): Promise<string> => (await makeSignInLink(wired.doors.session)).url;
    return { url, directory, token, wired, makeSignInLink: makeLink, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openOwnDatabase(
  directory: string,
  url: string | undefined,
  closers: (() => Promise<unknown>)[],
): Promise<Database> {
  let target: Parameters<typeof openDatabase>[0] | undefined = url;
  if (target === undefined) {
    const postgres = await startPostgres({ directory: join(directory, "postgres") });
    closers.push(() => postgres.stop());
    target = postgres.connection;
  }
  const database = openDatabase(target);
  closers.push(() => database.close());
  return database;
}

async function readIssuers(path: string | undefined): Promise<readonly OidcIssuer[]> {
  if (path === undefined) return [];
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw fulcioFault("fulcio/configuration", `the file of issuers cannot be read: ${path}`, {
      subject: path,
      next: "name a file in the format of Fulcio's config.yaml",
      cause,
    });
  });
  return parseIssuerConfiguration(text);
}

// The same in every life of the directory: what a dead server held is known to be free.
async function openOwnerId(directory: string): Promise<string> {
  const path = join(directory, "owner");
  await createFile(path, utf8(`server-${randomUUID()}\n`), { mode: 0o600 });
  return (await readFile(path, "utf8")).trim();
}
