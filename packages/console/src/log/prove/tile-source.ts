import { CustodyError } from "custody/ground";
import { entryLimitBytes, formatTilePath, tileSizeBytes, tileWidth } from "custody/merkle";
import type { Tile } from "custody/merkle";

/** Reads a tile of hashes or of entries; undefined where the log has none. What it returns is not trusted. */
export type ReadAnyTile = (tile: Tile) => Promise<Uint8Array | undefined>;

const lengthBytes = 2;

/**
 * The tiles below an address (C2SP tlog-tiles, APIs).
 *
 * The returned function throws CustodyError `console/tile` for an answer that is none, or longer than a tile can be.
 */
export function openTiles(address: string, get: typeof fetch): ReadAnyTile {
  return async (tile) => {
    const path = formatTilePath(tile);
    const response = await get(`${address}/${path}`).catch((cause: unknown) => {
      throw tileFault(path, "the server does not answer", cause);
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw tileFault(path, `the server answered ${response.status}`);
    return readBounded(response, path, limitOf(tile));
  };
}

function limitOf(tile: Tile): number {
  return tile.kind === "hashes" ? tileSizeBytes(tile) : tileWidth * (entryLimitBytes + lengthBytes);
}

async function readBounded(response: Response, path: string, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    sizeBytes += part.value.length;
    if (sizeBytes > limitBytes) throw tileFault(path, `it has more than ${limitBytes} bytes`);
    chunks.push(part.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function tileFault(path: string, why: string, cause?: unknown): CustodyError {
  return new CustodyError("console/tile", `the log's ${path} cannot be read: ${why}`, {
    subject: path,
    cause,
  });
}
