import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { formatVerifierKey, parseVerifierKey, verifyNote } from "custody/note";

import { crypto } from "../../../custody/src/log/log.testing.ts";
import { growLog } from "../../../custody/src/witness/witness.testing.ts";
import { startWitness } from "./index.ts";

const names = Array.from({ length: 60 }, (_, i) => `entry ${i}`);
const log = await growLog(names);
const logs = [{ origin: log.key.name, keys: [log.key] }];
let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "custody-witness-"));
});
after(() => rm(directory, { recursive: true }));

const optionsFor = (folder: string, name = "w.example") => ({
  directory: join(directory, folder),
  name,
  listen: "127.0.0.1:0",
  logs,
});
const post = (url: string, body: Uint8Array) =>
  fetch(`${url}/add-checkpoint`, { method: "POST", body: Buffer.from(body) });

test("makes its keys at the first start, for the owner only, and keeps them", async () => {
  const first = await startWitness(optionsFor("keys"));
  await first.stop();
  const again = await startWitness(optionsFor("keys"));
  assert.deepEqual(again.vkeys, first.vkeys);
  assert.deepEqual(
    again.vkeys.map((vkey) => parseVerifierKey(crypto, vkey).type),
    ["cosignature/v1", "subtree/v1"],
  );
  const folder = join(directory, "keys", "keys");
  for (const file of await readdir(folder))
    assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600, file);
  const reply = await post(again.url, await log.ask(0, 3));
  const keys = again.vkeys.map((vkey) => parseVerifierKey(crypto, vkey));
  const { signers } = await verifyNote(crypto, `${log.checkpoints[3]}${await reply.text()}`, keys);
  assert.equal(signers.length, 2);
  await again.stop();
});

test("does not start twice on one directory, nor under another name", async () => {
  const first = await startWitness(optionsFor("one"));
  await assert.rejects(startWitness(optionsFor("one")), { code: "files/locked" });
  await first.stop();
  await assert.rejects(startWitness(optionsFor("one", "other.example")), { code: "witness/name" });
  await assert.rejects(startWitness(optionsFor("two", "no name")), { code: "note/key" });
  await (await startWitness(optionsFor("one"))).stop();
});

const program = (folder: string, list: string) => `
  const { readFile } = await import("node:fs/promises");
  const { nodeCrypto } = await import(${JSON.stringify(import.meta.resolve("@custody/node/crypto"))});
  const { parseFollowedLogs } = await import(${JSON.stringify(import.meta.resolve("custody/witness"))});
  const { startWitness } = await import(${JSON.stringify(import.meta.resolve("./index.ts"))});
  const logs = parseFollowedLogs(nodeCrypto, await readFile(${JSON.stringify(list)}, "utf8"));
  const witness = await startWitness({ ...${JSON.stringify({ ...optionsFor(folder), logs: [] })}, logs });
  console.log(witness.url);
  setTimeout(() => process.exit(), 60_000);`;

/** A witness in a process of its own. */
async function spawnWitness(folder: string, list: string) {
  const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
  const child = spawn(process.execPath, ["--input-type=module", "-e", program(folder, list)], { stdio });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: String(line).trim() };
}

test("forgets nothing that it answered when it is killed, again and again", async () => {
  const list = join(directory, "logs");
  await writeFile(list, `${formatVerifierKey(log.key)}\n`);
  let acknowledged = 0;
  for (let round = 0; round < 4; round++) {
    const { child, url } = await spawnWitness("killed", list);
    const probe = await post(url, await log.ask(0, round === 0 ? 1 : 60));
    let known = round === 0 ? 1 : Number(await probe.text());
    assert.equal(probe.status, round === 0 ? 200 : 409);
    assert.ok(
      known === acknowledged + 1 || (round > 0 && known === acknowledged),
      `${acknowledged} became ${known}`,
    );
    for (const next of [known + 1, known + 2, known + 3]) {
      assert.equal((await post(url, await log.ask(known, next))).status, 200);
      known = next;
    }
    acknowledged = known;
    const pending = post(url, await log.ask(known, known + 1)).catch(() => undefined);
    await sleep(round * 2);
    child.kill("SIGKILL");
    await once(child, "exit");
    if ((await pending)?.status === 200) acknowledged = known + 1;
  }
});
