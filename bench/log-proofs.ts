import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { openTileFiles } from "@custody/node/log-store";
import type { TileStore } from "custody/log";
import {
  appendLeaves,
  emptyFrontier,
  formatTilePath,
  rootHashOf,
  TileReader,
  verifyInclusion,
} from "custody/merkle";
import type { Frontier } from "custody/merkle";
import { utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";

import type { Benchmark, Figure } from "./measure.ts";
import { rateOf } from "./measure.ts";

const sizes = [1e3, 1e5, 1e6];
const chunk = 65_536;

/** The time of an inclusion proof from tiles in files, made and verified, by the size of the tree. */
export const logProofs: Benchmark = {
  name: "proofs",
  async run(say) {
    const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
    try {
      const figures: Figure[] = [];
      for (const size of sizes) {
        say(`a tree of ${size} leaves`);
        figures.push(...(await measureTree(size, openTileFiles(join(folder, String(size))))));
      }
      return figures;
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function measureTree(size: number, tiles: TileStore): Promise<Figure[]> {
  const frontier = await growTree(size, tiles);
  const readTile = (tile: Parameters<typeof formatTilePath>[0]) => tiles.read(formatTilePath(tile));
  const reader = new TileReader(nodeCrypto, frontier, readTile);
  const cold = await rateOf(() =>
    new TileReader(nodeCrypto, frontier, readTile).proveInclusion(randomInt(size)),
  );
  const warm = await rateOf(() => reader.proveInclusion(randomInt(size)));
  const root = rootHashOf(nodeCrypto, frontier);
  const proof = { index: 0, treeSize: size, leafHash: leaf(0), hashes: await reader.proveInclusion(0) };
  const verified = await rateOf(() => verifyInclusion(nodeCrypto, proof, root));
  const of = `${size.toLocaleString("en")} entries, one core`;
  return [
    { what: "inclusion proof, no tile known yet", value: 1e6 / cold, unit: "µs", beside: of },
    { what: "inclusion proof, as a running log makes it", value: 1e6 / warm, unit: "µs", beside: of },
    { what: "inclusion proof, verified", value: 1e6 / verified, unit: "µs", beside: of },
  ];
}

/** Made-up leaves: a proof does not care what a leaf is the hash of. */
function leaf(index: number): Bytes {
  return nodeCrypto.sha256(utf8(`leaf ${index}`));
}

async function growTree(size: number, tiles: TileStore): Promise<Frontier> {
  let frontier: Frontier = emptyFrontier;
  while (frontier.size < size) {
    const start = frontier.size;
    const count = Math.min(chunk, size - start);
    const grown = appendLeaves(
      nodeCrypto,
      frontier,
      Array.from({ length: count }, (_, i) => leaf(start + i)),
    );
    frontier = grown.frontier;
    for (const { tile, content } of grown.tiles) await tiles.write(formatTilePath(tile), content);
  }
  return frontier;
}
