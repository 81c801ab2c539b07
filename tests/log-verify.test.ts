import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { utf8 } from "custody/ground";
import { memorySequenceStore, memoryTileStore, openLog } from "custody/log";
import type { Log } from "custody/log";
import { formatVerifierKey } from "custody/note";

import { custody } from "../demo/custody.ts";

let log: Log;
/** The tile that is served with its first byte changed. */
let bent = "";
const server = createServer((request, response) => {
  void answer((request.url ?? "").slice(1)).then((body) => response.writeHead(body ? 200 : 404).end(body));
});

async function answer(path: string): Promise<Uint8Array | undefined> {
  if (path === "checkpoint") return utf8(await log.checkpoint());
  const content = path.startsWith("tile/") ? await log.readTile(path) : undefined;
  return content && path === bent ? content.with(2, content[2]! ^ 1) : content;
}

before(async () => {
  const signer = await generateSigner("ed25519");
  const stores = { store: memorySequenceStore(), tiles: memoryTileStore() };
  log = await openLog({ ...stores, signer, origin: "log.example", crypto: nodeCrypto });
  await Promise.all(Array.from({ length: 300 }, (_, i) => log.append(utf8(`entry ${i}`))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => {
  server.closeAllConnections();
  server.close();
});

async function verify(path: string, key = formatVerifierKey(log.key)) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const { exitCode, stdout } = await custody(["log", "verify", "--log", url, "--key", key, "--json"]);
  const { verdict, code, subject, size } = JSON.parse(stdout || "{}") as Record<string, unknown>;
  return { exitCode, verdict, code, subject, size };
}

test("a whole log verifies from entry 0 on", async () => {
  const { exitCode, verdict, size } = await verify("");
  assert.deepEqual({ exitCode, verdict, size }, { exitCode: 0, verdict: "allowed", size: 300 });
});

test("names the tile or bundle that is not what it should be", async () => {
  for (const [path, named] of [
    ["tile/0/001.p/44", "tile/0/001.p/44"],
    ["tile/entries/000", "tile/0/000"],
  ] as const) {
    bent = path;
    const { exitCode, code, subject } = await verify("");
    assert.deepEqual({ exitCode, code, subject }, { exitCode: 1, code: "log/corrupt", subject: named });
  }
  bent = "";
});

test("does not decide where there is no log", async () => {
  assert.equal((await verify("/elsewhere")).exitCode, 2);
});
