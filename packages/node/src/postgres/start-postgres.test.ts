import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { openDatabase, startPostgres } from "./index.ts";
import type { Connection, EmbeddedPostgres, Row } from "./index.ts";

let directory: string;
let running: EmbeddedPostgres | undefined;
beforeEach(async () => {
  // mkdtemp makes a private folder, as below root's home: the user PostgreSQL runs as could not pass it.
  directory = await mkdtemp(join(tmpdir(), "custody-pg-"));
});
// It still writes while it runs: the folder goes only when it has stopped.
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(directory, { recursive: true });
});

async function startKept(): Promise<EmbeddedPostgres> {
  running = await startPostgres({ directory });
  return running;
}

async function query(connection: Connection, sql: string): Promise<readonly Row[]> {
  const database = openDatabase({ ...connection });
  try {
    return await database.query(sql);
  } finally {
    await database.close();
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "0 (gone) Z");
  return !/\) [ZX]/.test(status);
}

test("starts below a private folder with durable settings, and keeps what was committed", async () => {
  const first = await startPostgres({ directory });
  await query(first.connection, "CREATE TABLE kept AS SELECT 7 AS n");
  const settings = await query(
    first.connection,
    `SELECT name, setting FROM pg_settings WHERE name IN ('data_checksums', 'fsync', 'full_page_writes',
      'listen_addresses', 'synchronous_commit') ORDER BY name`,
  );
  assert.deepEqual(
    settings.map(({ setting }) => setting),
    ["on", "on", "on", "", "on"],
  );
  await first.stop();
  assert.equal(await isAlive(first.pid), false);
  const second = await startPostgres({ directory });
  assert.deepEqual(await query(second.connection, "SELECT n FROM kept"), [{ n: 7 }]);
  await second.stop();
});

test("never runs as root, and cannot become it", async () => {
  const postgres = await startKept();
  const status = await readFile(`/proc/${postgres.pid}/status`, "utf8");
  assert.doesNotMatch(status, /^[UG]id:.*\b0\b/m);
  assert.match(status, /^NoNewPrivs:\t1$/m);
});

test(
  "lets no other user of the machine reach its socket",
  { skip: process.getuid?.() === 0 ? false : "needs root to act as another user" },
  async () => {
    const postgres = await startKept();
    const socket = `${postgres.connection.host}/.s.PGSQL.5432`;
    const other = spawn("/bin/sh", ["-c", `test -S ${socket}`], { uid: 65_534, gid: 65_534 });
    const [code] = await once(other, "close");
    assert.equal(code, 1);
  },
);

test("comes back by itself after its process is killed", async () => {
  const postgres = await startKept();
  await query(postgres.connection, "CREATE TABLE kept AS SELECT 7 AS n");
  const killed = postgres.pid;
  process.kill(killed, "SIGKILL");
  for (let i = 0; i < 200 && postgres.pid === killed; i++) await sleep(50);
  assert.notEqual(postgres.pid, killed);
  assert.deepEqual(await query(postgres.connection, "SELECT n FROM kept"), [{ n: 7 }]);
});

interface WritingServer {
  readonly postgresPid: number;
  /** Kills the server with -9; the last number whose insert it saw succeed. */
  kill(): Promise<number>;
}

async function startWritingServer(): Promise<WritingServer> {
  const module = new URL("index.ts", import.meta.url).href;
  const script = `const { startPostgres, openDatabase } = await import(${JSON.stringify(module)});
    const postgres = await startPostgres({ directory: ${JSON.stringify(directory)} });
    const database = openDatabase({ ...postgres.connection });
    await database.query("CREATE TABLE IF NOT EXISTS kept (n int)");
    console.log(postgres.pid);
    for (let n = 1; ; n++) { await database.query("INSERT INTO kept VALUES ($1)", [n]); console.log(n); }`;
  const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio });
  let written = "";
  child.stdout.on("data", (chunk) => (written += String(chunk)));
  for (let i = 0; i < 3000 && written.split("\n").length < 50; i++) await sleep(10);
  return {
    postgresPid: Number.parseInt(written, 10),
    async kill() {
      child.kill("SIGKILL");
      await once(child, "close");
      return Number(written.split("\n").at(-2));
    },
  };
}

test("loses nothing acknowledged when the server is killed, and starts again at once", async () => {
  for (let round = 0; round < 2; round++) {
    const server = await startWritingServer();
    const acknowledged = await server.kill();
    const postgres = await startPostgres({ directory });
    assert.equal(await isAlive(server.postgresPid), false);
    const [row] = await query(postgres.connection, "SELECT max(n) AS n FROM kept");
    assert.ok(Number(row!["n"]) >= acknowledged);
    await postgres.stop();
  }
});

test("serves a folder whose path is too long for a socket, and leaves nothing outside it", async () => {
  const long = join(directory, "x".repeat(100));
  await mkdir(long);
  const postgres = await startPostgres({ directory: long });
  assert.deepEqual(await query(postgres.connection, "SELECT 1 AS n"), [{ n: 1 }]);
  await postgres.stop();
  await assert.rejects(stat(postgres.connection.host), { code: "ENOENT" });
});

test("takes over from a half-made database, and from a process id that is another program's now", async () => {
  await mkdir(join(directory, "data.new/base"), { recursive: true });
  await (await startPostgres({ directory })).stop();
  await writeFile(join(directory, "data/postmaster.pid"), `${process.pid}\n/elsewhere\n`);
  await (await startPostgres({ directory })).stop();
});

test("refuses the files of another PostgreSQL version", async () => {
  await (await startPostgres({ directory })).stop();
  await writeFile(join(directory, "data/PG_VERSION"), "16\n");
  await assert.rejects(startPostgres({ directory }), { code: "postgres/version" });
});

test("tells why it does not start", async () => {
  await (await startPostgres({ directory })).stop();
  await rm(join(directory, "data/global/pg_control"));
  await assert.rejects(
    startPostgres({ directory }),
    (error: { code: string; details: { output: string[] } }) => {
      assert.equal(error.code, "postgres/start");
      assert.match(error.details.output.join("\n"), /pg_control/);
      return true;
    },
  );
});
