import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";

import { logMigrations } from "@custody/node/log-store";
import { parseInstant, utf8 } from "custody/ground";
import { parseTrustDomain } from "custody/spiffe";

import { startTestDatabase } from "../../node/src/postgres/postgres.testing.ts";
import type { TestDatabase } from "../../node/src/postgres/postgres.testing.ts";
import { authorityPorts, openAuthorities } from "./authority-files.ts";
import type { OpenedAuthorities } from "./authority-files.ts";
import { endShardIfDue, findCurrentLog, isShardDue, nextLogOrigin, tileFolderOf } from "./log-shards.ts";
import type { ShardPlan } from "./log-shards.ts";
import { retireKey } from "./retired-keys.ts";
import { wireLog } from "./wire-log.ts";
import type { WiredLog } from "./wire-log.ts";

/** One database for all: a trust domain each, so that no two have a log of one name. */
const domainOf = (directory: string) => parseTrustDomain(`${basename(directory)}.example`);
const { clock } = authorityPorts;

let running: TestDatabase;
let top: string;
before(async () => {
  running = await startTestDatabase(logMigrations);
  top = await mkdtemp(join(tmpdir(), "custody-shards-"));
});
after(async () => {
  await running.stop();
  await rm(top, { recursive: true });
});

interface Opened extends WiredLog {
  readonly opened: OpenedAuthorities;
}

async function open(directory: string, plan: ShardPlan = {}): Promise<Opened> {
  const { database } = running;
  await endShardIfDue({ directory, database, clock, plan });
  const opened = await openAuthorities(directory, domainOf(directory), plan);
  const { trustedRoot } = opened.authorities;
  const parts = { directory, database, signer: opened.logSigner, origin: opened.logOrigin, trustedRoot };
  return { opened, ...(await wireLog(parts)) };
}

const originsOf = ({ shards }: Opened): string[] => [...shards.keys()];

test("a retired key ends its shard; the next start goes on in another, with a name and key of its own", async () => {
  const directory = join(top, "manual");
  const first = await open(directory);
  for (let i = 0; i < 3; i++) await first.log.append(utf8(`entry ${i}`));
  const last = await first.log.checkpoint();
  const { end } = await retireKey(directory, "log");
  const second = await open(directory);
  assert.deepEqual(originsOf(second), ["log.manual.example", "log-2.manual.example"]);
  const { logs } = second.opened.authorities.trustedRoot;
  assert.deepEqual(
    logs.map(({ baseUrl, validFor }) => [baseUrl, validFor.end]),
    [
      ["https://log.manual.example", parseInstant(end)],
      ["https://log-2.manual.example", undefined],
    ],
  );
  assert.ok(logs[1]!.validFor.start > logs[0]!.validFor.end!, "no second is in both");
  assert.notDeepEqual(logs[0]!.logId, logs[1]!.logId);
  assert.equal((await second.log.append(utf8("first of the next"))).index, 0);
  const ended = second.shards.get("log.manual.example")!;
  assert.equal(await ended.checkpoint(), last);
  await assert.rejects(ended.append(utf8("more")), { code: "log/frozen" });
  await assert.rejects(
    first.log.append(utf8("more")),
    { code: "log/frozen" },
    "a process that still has it open",
  );
  assert.deepEqual((await readdir(join(directory, "log"))).sort(), ["shards", "tile"]);
  assert.deepEqual(await readdir(join(directory, "log", "shards")), ["log-2.manual.example"]);
});

test("what has ended stays so without its private key, and a start that changes nothing changes nothing", async () => {
  const directory = join(top, "deleted");
  await open(directory);
  await retireKey(directory, "log");
  const second = await open(directory);
  await rm(join(directory, "keys", "retired"), { recursive: true });
  const third = await open(directory);
  assert.deepEqual(third.opened.authorities.trustedRoot, second.opened.authorities.trustedRoot);
  assert.deepEqual(originsOf(third), ["log.deleted.example", "log-2.deleted.example"]);
});

test("a key that was exchanged by hand, and not retired, opens no shard", async () => {
  const directory = join(top, "exchanged");
  await open(directory);
  await rm(join(directory, "keys", "log.key"));
  await assert.rejects(open(directory), { code: "note/unsigned" });
});

test("a start goes on in another shard once the one before has its size, and not sooner", async () => {
  const directory = join(top, "size");
  const first = await open(directory, { sizeLimit: 2 });
  await first.log.append(utf8("a"));
  const again = await open(directory, { sizeLimit: 2 });
  assert.deepEqual(originsOf(again), ["log.size.example"]);
  await again.log.append(utf8("b"));
  assert.deepEqual(originsOf(await open(directory)), ["log.size.example"], "without the plan it goes on");
  const next = await open(directory, { sizeLimit: 2 });
  assert.deepEqual(originsOf(next), ["log.size.example", "log-2.size.example"]);
  assert.equal(findCurrentLog(next.opened.authorities.trustedRoot)?.origin, "log-2.size.example");
});

test("is due in the year after it began, in UTC, or at its size", () => {
  const since = parseInstant("2026-03-01T00:00:00Z");
  const at = (text: string, plan: ShardPlan, size = 10) =>
    isShardDue(plan, { since, size }, parseInstant(text));
  assert.equal(at("2026-12-31T23:59:59.999Z", { yearly: true }), false);
  assert.equal(at("2027-01-01T00:00:00Z", { yearly: true }), true);
  assert.equal(at("2027-01-01T00:00:00Z", {}), false);
  assert.equal(at("2026-03-02T00:00:00Z", { sizeLimit: 11 }), false);
  assert.equal(at("2026-03-02T00:00:00Z", { sizeLimit: 10 }), true);
});

test("names shards by hosts, which no two share", () => {
  const now = parseInstant("2027-01-01T00:00:00Z");
  const name = (taken: string[], plan: ShardPlan = {}) =>
    nextLogOrigin(parseTrustDomain("example.org"), taken, plan, now);
  assert.equal(name([]), "log.example.org");
  assert.equal(name(["log.example.org"]), "log-2.example.org");
  assert.equal(name(["log.example.org", "log-2.example.org"]), "log-3.example.org");
  assert.equal(name(["log.example.org"], { yearly: true }), "log2027.example.org");
  assert.equal(name(["log2027.example.org"], { yearly: true }), "log2027-2.example.org");
});

test("keeps each shard's tiles apart, the first one's where they always were", () => {
  const trusted = (origin: string) => ({ origin }) as never;
  const root = { logs: [trusted("log.example.org"), trusted("log-2.example.org")] };
  assert.equal(tileFolderOf("/d", root, "log.example.org"), "/d/log");
  assert.equal(tileFolderOf("/d", root, "log-2.example.org"), "/d/log/shards/log-2.example.org");
  assert.equal(findCurrentLog({ logs: [] }), undefined);
});
