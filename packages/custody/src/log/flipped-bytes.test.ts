import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";
import { formatTilePath, parseTilePath, rightEdgeTiles } from "custody/merkle";

import { openLog } from "./index.ts";
import type { LogPorts } from "./index.ts";
import { memoryPorts } from "./log.testing.ts";

/** A log's ports, and the paths of all that its checkpoint needs. */
async function makeLog(size: number): Promise<{ ports: LogPorts; paths: readonly string[] }> {
  const ports = memoryPorts();
  const log = await openLog(ports);
  await Promise.all(Array.from({ length: size }, (_, i) => log.append(utf8(`entry ${i}`))));
  const full = Array.from({ length: Math.floor(size / 256) }, (_, i) => `00${i}`);
  const rest = size % 256 === 0 ? [] : [`tile/entries/00${full.length}.p/${size % 256}`];
  const tiles = [...full.map((index) => `tile/0/${index}`), ...rightEdgeTiles(size).map(formatTilePath)];
  return { ports, paths: [...tiles, ...full.map((index) => `tile/entries/${index}`), ...rest] };
}

function withFlip(ports: LogPorts, path: string, at: number): LogPorts {
  const read = async (asked: string) => {
    const content = await ports.tiles.read(asked);
    if (asked === path && content) content[at]! ^= 1 << (at % 8);
    return content;
  };
  return { ...ports, tiles: { write: (asked, content) => ports.tiles.write(asked, content), read } };
}

const known = new Set(["merkle/tile-forged", "merkle/bundle", "log/corrupt"]);

for (const [size, step] of [
  [255, 5],
  [256, 5],
  [257, 5],
  [700, 11],
] as const) {
  test(`a log of ${size} never hands on an entry from a tile or bundle with a flipped byte`, async () => {
    const { ports, paths } = await makeLog(size);
    let refused = 0;
    for (const path of paths) {
      const { length } = (await ports.tiles.read(path))!;
      const first = parseTilePath(path).index * 256;
      for (let at = refused % step; at < length; at += step) {
        // The entry that the byte is of, where it is a bundle's: the others are what they were, and are proved.
        const index = path.startsWith("tile/entries/") ? await indexOfByte(ports, path, at) : first % size;
        const asked = openLog(withFlip(ports, path, at)).then((log) => log.prove(index));
        await assert.rejects(
          asked,
          (error: { code?: string }) => known.has(error.code ?? ""),
          `${path} ${at}`,
        );
        refused++;
      }
    }
    assert.ok(refused > 1500, `${refused} bytes flipped`);
    assert.deepEqual((await (await openLog(ports)).prove(size - 1)).entry, utf8(`entry ${size - 1}`));
  });
}

async function indexOfByte(ports: LogPorts, path: string, at: number): Promise<number> {
  const content = (await ports.tiles.read(path))!;
  let index = parseTilePath(path).index * 256;
  for (let start = 0; ; index++) {
    const end = start + 2 + content[start]! * 256 + content[start + 1]!;
    if (at < end) return index;
    start = end;
  }
}
