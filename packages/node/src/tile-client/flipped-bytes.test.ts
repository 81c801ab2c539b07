import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { utf8 } from "custody/ground";
import { memorySequenceStore, memoryTileStore, openLog } from "custody/log";
import type { Log } from "custody/log";
import { memoryMonitorStore, parseWatchList, watchLog } from "custody/monitor";
import type { MonitorPorts } from "custody/monitor";

import { openTileClient } from "./index.ts";

const size = 257;
const paths = ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/1"];

let log: Log;
/** The one byte that the server lies about, and how often it was asked for it. */
let lie = { path: "", at: 0, told: 0 };
const server = createServer(
  (request, response) => void answer((request.url ?? "").slice(1)).then((body) => response.end(body)),
);

async function answer(path: string): Promise<Uint8Array> {
  if (path === "checkpoint") return utf8(await log.checkpoint());
  const content = Uint8Array.from((await log.readTile(path)) ?? []);
  if (path === lie.path) {
    content[lie.at]! ^= 1 << (lie.at % 8);
    lie.told++;
  }
  return content;
}

before(async () => {
  const signer = await generateSigner("ed25519");
  const stores = { store: memorySequenceStore(), tiles: memoryTileStore() };
  log = await openLog({ ...stores, signer, origin: "log.example", crypto: nodeCrypto });
  await Promise.all(Array.from({ length: size }, (_, i) => log.append(utf8(`entry ${i}`))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => {
  server.closeAllConnections();
  server.close();
});

async function watch(): Promise<{ codes: string[]; read: number }> {
  const codes: string[] = [];
  const reader = openTileClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const raise: MonitorPorts["raise"] = async ({ code }) => void codes.push(code);
  const watched = parseWatchList("");
  const ports = { crypto: nodeCrypto, log: reader, store: memoryMonitorStore(), raise };
  const { read } = await watchLog(ports, {
    origin: "log.example",
    logKey: log.key,
    watched,
    expected: new Set(),
  });
  return { codes, read };
}

test("a monitor that is served one flipped byte of a tile or bundle says so, and passes nothing on", async () => {
  assert.deepEqual(await watch(), { codes: [], read: size });
  let count = 0;
  for (const path of paths) {
    const { length } = (await log.readTile(path))!;
    for (let at = count % 29; at < length; at += 29) {
      lie = { path, at, told: 0 };
      const { codes, read } = await watch();
      assert.ok(lie.told > 0, path);
      assert.deepEqual(codes, ["monitor/tile"], `${path} ${at}`);
      assert.ok(read < size, `${path} ${at}`);
      count++;
    }
  }
  assert.ok(count > 300, `${count} bytes flipped`);
});
