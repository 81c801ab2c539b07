import assert from "node:assert/strict";
import { test } from "node:test";

import { equalBytes, findFaultCode, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { formatTilePath, rightEdgeTiles } from "custody/merkle";
import { verifyCheckpoint } from "custody/note";
import type { VerifiedCheckpoint } from "custody/note";

import { openLog, verifyWholeLog } from "./index.ts";
import type { LogPorts } from "./index.ts";
import { crypto, memoryPorts } from "./log.testing.ts";

async function makeLog(size: number): Promise<{ ports: LogPorts; checkpoint: VerifiedCheckpoint }> {
  const ports = memoryPorts();
  const log = await openLog(ports);
  await Promise.all(Array.from({ length: size }, (_, i) => log.append(utf8(`entry ${i}`))));
  const { origin } = ports;
  return {
    ports,
    checkpoint: await verifyCheckpoint(crypto, await log.checkpoint(), { origin, logKey: log.key }),
  };
}

type Read = LogPorts["tiles"]["read"];

async function check(read: Read, checkpoint: VerifiedCheckpoint): Promise<string | undefined> {
  const source = { hasher: crypto, tiles: { read }, checkpoint };
  return verifyWholeLog(source).then(() => undefined, findFaultCode);
}

/** The same tiles, one of them changed. */
const changed =
  (read: Read, path: string, change: (content: Bytes) => Bytes | undefined): Read =>
  async (asked) => {
    const content = await read(asked);
    return asked === path && content ? change(content) : content;
  };

const flip = (content: Bytes): Bytes => content.with(content.length - 1, content.at(-1)! ^ 1);

test("reads every entry of a log that is whole, in order", async () => {
  for (const size of [0, 1, 255, 256, 257, 700]) {
    const { ports, checkpoint } = await makeLog(size);
    let count = 0;
    const visit = (first: number, entries: readonly Bytes[]): void => {
      assert.equal(first, count);
      for (const entry of entries) assert.ok(equalBytes(entry, utf8(`entry ${count++}`)));
    };
    await verifyWholeLog({ hasher: crypto, tiles: ports.tiles, checkpoint, visit });
    assert.equal(count, size);
  }
});

test("finds any tile or bundle that was changed, cut, made longer or taken away", async () => {
  const { ports, checkpoint } = await makeLog(700);
  const read: Read = (path) => ports.tiles.read(path);
  const bundles = ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/188"];
  const paths = [...rightEdgeTiles(700).map(formatTilePath), "tile/0/000", "tile/0/001", ...bundles];
  assert.equal(await check(read, checkpoint), undefined);
  for (const path of paths) {
    assert.ok(await read(path), path);
    assert.match(
      String(await check(changed(read, path, flip), checkpoint)),
      /^(log\/corrupt|merkle\/bundle)$/,
      path,
    );
    assert.equal(
      await check(
        changed(read, path, () => undefined),
        checkpoint,
      ),
      "log/corrupt",
      path,
    );
    const cut = changed(read, path, (content) => content.subarray(0, -1));
    assert.match(String(await check(cut, checkpoint)), /^(log\/corrupt|merkle\/bundle)$/, path);
  }
  const longer = changed(read, "tile/0/000", (content) => new Uint8Array([...content, 0]));
  assert.equal(await check(longer, checkpoint), "log/corrupt");
});

test("finds entries that all tiles agree on, and the checkpoint does not", async () => {
  const { ports } = await makeLog(300);
  const { checkpoint } = await makeLog(299);
  assert.equal(await check((path) => ports.tiles.read(path), { ...checkpoint, size: 300 }), "log/corrupt");
});

test("takes the beginning of a full tile where the partial one is gone", async () => {
  const { ports, checkpoint } = await makeLog(250);
  const log = await openLog(ports);
  await Promise.all(Array.from({ length: 6 }, (_, i) => log.append(utf8(`more ${i}`))));
  const read: Read = async (path) => (path.includes(".p/") ? undefined : ports.tiles.read(path));
  assert.equal(await check(read, checkpoint), undefined);
});
