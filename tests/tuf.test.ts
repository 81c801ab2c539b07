import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { makeClock } from "custody/authority/attestor.testing";
import { utf8 } from "custody/ground";

import { custody } from "../demo/custody.ts";
import { makeRepository } from "../packages/custody/src/tuf/client/client.testing.ts";

const top = mkdtempSync(join(tmpdir(), "custody-tuf-"));
const repository = await makeRepository(makeClock(Date.now()));
repository.targets = { targets: { "a.txt": utf8("of a"), "dir/b.txt": utf8("of b") } };
await repository.publishNext();

const requests: string[] = [];
const server = createServer((request, response) => {
  const path = (request.url ?? "").slice(1);
  requests.push(path);
  const file = repository.files.get(path);
  response.writeHead(file ? 200 : 404).end(file);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => {
  server.close();
  rmSync(top, { recursive: true });
});

const root = join(top, "1.root.json");
writeFileSync(root, repository.files.get("1.root.json")!);
const folder = (name: string): string => join(top, name);
const inFolder = (name: string): readonly string[] => ["--metadata-dir", folder(name)];
const there = ["--metadata-url", url];
const into = ["--target-dir", folder("targets")];
const targets = (...names: readonly string[]) => names.flatMap((name) => ["--target-name", name]);

async function check(words: readonly string[], exitCode: number, expected: RegExp): Promise<void> {
  const complaints: string[] = [];
  const answer = await custody(["tuf", ...words], (line) => complaints.push(line));
  const said = [answer.stdout, ...complaints].join("\n");
  assert.match(said, expected);
  assert.equal(answer.exitCode, exitCode, said);
}

async function init(name: string): Promise<readonly string[]> {
  await check([...inFolder(name), "init", root], 0, /root 1 is trusted/);
  return inFolder(name);
}

test("begins with a root, and asks nothing of the repository for that", async () => {
  const bent = folder("bent.json");
  writeFileSync(bent, readFileSync(root, "utf8").replace(/"sig":"../, '"sig":"00'));
  requests.length = 0;
  await check([...inFolder("bent"), "init", bent], 1, /refused \[tuf\/threshold\]/);
  await check([...inFolder("bent"), ...there, "refresh"], 1, /tuf\/missing.*\n.*\n.*custody tuf init/);
  await init("begun");
  assert.deepEqual(readdirSync(folder("begun")), ["root.json"]);
  assert.deepEqual(requests, []);
  await check([...inFolder("begun"), "init", bent], 1, /tuf\/threshold/);
  await check([...inFolder("begun"), "init", folder("nowhere")], 2, /cli\/read/);
});

test("keeps the metadata that it trusts byte for byte, and says what they are", async () => {
  const trust = await init("kept");
  await check([...trust, ...there, "refresh"], 0, /^root 1 +until .*\ntimestamp 2 +until/);
  for (const [role, file] of [
    ["root", "1.root.json"],
    ["timestamp", "timestamp.json"],
    ["snapshot", "2.snapshot.json"],
    ["targets", "2.targets.json"],
  ] as const) {
    const kept = readFileSync(join(folder("kept"), `${role}.json`));
    assert.deepEqual(new Uint8Array(kept), repository.files.get(file));
  }
  await check([...trust, ...there, "--json", "refresh"], 0, /"verdict": "allowed"/);
});

test("downloads targets under names that cannot leave the folder, and once", async () => {
  const trust = await init("downloads");
  const download = [...trust, ...there, ...into];
  await check(
    [...download, ...targets("a.txt", "dir/b.txt"), "download"],
    0,
    /a\.txt: downloaded[^]*b\.txt: downloaded/,
  );
  assert.deepEqual(readdirSync(folder("targets")).toSorted(), ["a.txt", "dir%2Fb.txt"]);
  assert.equal(readFileSync(join(folder("targets"), "dir%2Fb.txt"), "utf8"), "of b");
  const written = statSync(join(folder("targets"), "a.txt")).mtimeMs;
  requests.length = 0;
  await check([...download, ...targets("a.txt"), "download"], 0, /a\.txt: is there already/);
  assert.equal(statSync(join(folder("targets"), "a.txt")).mtimeMs, written);
  assert.ok(!requests.some((path) => path.startsWith("targets/")));
  writeFileSync(join(folder("targets"), "a.txt"), "of c");
  await check([...download, ...targets("a.txt"), "download"], 0, /a\.txt: downloaded/);
  assert.equal(readFileSync(join(folder("targets"), "a.txt"), "utf8"), "of a");
});

test("stops at the first target that the repository does not vouch for", async () => {
  const trust = await init("stops");
  const own = ["--target-dir", folder("stopped")];
  const all = targets("a.txt", "missing", "dir/b.txt");
  await check([...trust, ...there, ...own, ...all, "download"], 1, /refused \[tuf\/missing\][^]*missing/);
  assert.deepEqual(readdirSync(folder("stopped")), ["a.txt"]);
  await check([...trust, ...there, ...own, ...targets("../a.txt"), "download"], 1, /tuf\/malformed/);
});

test("takes targets from elsewhere, and nothing from there that was not signed for", async () => {
  const trust = await init("elsewhere");
  const from = [...trust, ...there, "--target-dir", folder("from"), ...targets("a.txt")];
  await check([...from, "--target-base-url", `${url}/targets/`, "download"], 0, /downloaded/);
  rmSync(folder("from"), { recursive: true });
  await check([...from, "--target-base-url", `${url}/nowhere`, "download"], 1, /tuf\/missing/);
});

test("a repository that does not answer is no refusal, but ends as one", async () => {
  const trust = await init("silent");
  await check(
    [...trust, "--metadata-url", "http://127.0.0.1:1", "refresh"],
    1,
    /could not decide \[tuf\/unreachable\]/,
  );
  await check(
    [...trust, "--metadata-url", "http://127.0.0.1:1", "--json", "refresh"],
    1,
    /"verdict": "undecided"/,
  );
});

test("wrong use is told from a refusal", async () => {
  const trust = await init("usage");
  await check([...trust, "refresh"], 2, /--metadata-url/);
  await check([...trust, ...there, "download"], 2, /--target-name/);
  await check([...there, "refresh"], 2, /--metadata-dir/);
});
