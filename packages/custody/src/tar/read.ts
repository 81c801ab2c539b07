import { parseUtf8 } from "custody/ground";

import { blockBytes, BlockReader } from "./blocks.ts";
import type { TreeEntry } from "./entry.ts";
import { tarFault } from "./faults.ts";
import type { RawHeader } from "./header.ts";
import { parseHeader } from "./header.ts";
import { checkLinkTarget } from "./link.ts";
import { parseTreePath } from "./path.ts";
import type { Overrides } from "./pax.ts";
import { checkGlobalPax, parsePax } from "./pax.ts";
import { TreeShape } from "./shape.ts";

export interface TarLimits {
  /** Headers of every kind counted, extended ones too. */
  readonly entries: number;
  readonly fileBytes: number;
  /** All contents together. */
  readonly totalBytes: number;
}

export interface ReadTarOptions extends Partial<TarLimits> {
  /** What becomes of a path that begins with a slash: OPA's bundles have such. Default `refuse`. */
  readonly absolutePaths?: "refuse" | "from-the-top";
}

const defaultLimits: TarLimits = { entries: 250_000, fileBytes: 2 ** 32, totalBytes: 2 ** 34 };
const maxExtensionBytes = 64 * 1024;
const maxTrailingBytes = 1024 * 1024;

/**
 * The entries of an archive (ustar, pax or GNU long names), one after the other, as the stream brings them.
 *
 * Strict: an accepted archive means one tree to every reader. Hard links, devices, FIFOs, sparse files, set-id bits,
 * a path twice or below a non-directory, an unknown extension, data after the end: all are refused. A file's content
 * that was not read when the next entry is asked for is skipped.
 *
 * Own code beside the library that writes: that one reads an unknown type flag as a file and broken UTF-8 as U+FFFD.
 *
 * @throws CustodyError `tar/…` or `bytes/utf8`, when reached.
 */
export async function* readTar(
  archive: AsyncIterable<Uint8Array>,
  options: ReadTarOptions = {},
): AsyncGenerator<TreeEntry> {
  const reader = new BlockReader(archive);
  try {
    yield* readEntries(reader, { ...defaultLimits, absolutePaths: "refuse", ...options });
  } finally {
    await reader.close();
  }
}

async function* readEntries(
  reader: BlockReader,
  limits: TarLimits & Required<ReadTarOptions>,
): AsyncGenerator<TreeEntry> {
  const shape = new TreeShape();
  let totalBytes = 0;
  for await (const raw of readHeaders(reader, limits)) {
    totalBytes += raw.sizeBytes;
    if (raw.sizeBytes > limits.fileBytes || totalBytes > limits.totalBytes) {
      throw tarFault("tar/too-large", `"${raw.name}" is larger than allowed`, { subject: raw.name });
    }
    const body = new Body(reader, raw.sizeBytes);
    const isFromTop = limits.absolutePaths === "from-the-top";
    const entry = entryOf(isFromTop ? { ...raw, name: raw.name.replace(/^\//, "") } : raw, body);
    if (entry !== undefined) {
      shape.add(entry.path, entry.kind === "directory" ? "directory" : "leaf");
      yield entry;
    }
    await body.skip();
  }
}

async function* readHeaders(reader: BlockReader, limits: TarLimits): AsyncGenerator<RawHeader> {
  let overrides: Overrides = {};
  for (let count = 0; ; count++) {
    const block = await reader.read(blockBytes);
    if (isZero(block)) break;
    if (count >= limits.entries)
      throw tarFault("tar/too-many-entries", `more than ${limits.entries} entries`);
    const header = parseHeader(block);
    const extension = await readExtension(reader, header);
    if (extension !== undefined) {
      overrides = Object.assign(overrides, extension);
    } else {
      yield applyOverrides(header, overrides);
      overrides = {};
    }
  }
  await checkEnd(reader);
}

async function readExtension(reader: BlockReader, header: RawHeader): Promise<Overrides | undefined> {
  if (!"xgLK".includes(header.typeFlag)) return undefined;
  if (header.sizeBytes > maxExtensionBytes) throw tarFault("tar/pax", "an extended header is too long");
  const body = await reader.read(header.sizeBytes);
  await skipPadding(reader, header.sizeBytes);
  switch (header.typeFlag) {
    case "x":
      return parsePax(body);
    case "g":
      checkGlobalPax(body);
      return {};
    case "L":
      return { path: parseLongName(body) };
    default:
      return { linkName: parseLongName(body) };
  }
}

function parseLongName(body: Uint8Array): string {
  if (body.at(-1) !== 0) throw tarFault("tar/pax", "a long name does not end in NUL");
  return parseUtf8(body.subarray(0, -1));
}

function applyOverrides(header: RawHeader, overrides: Overrides): RawHeader {
  return {
    ...header,
    name: overrides.path ?? header.name,
    linkName: overrides.linkName ?? header.linkName,
    sizeBytes: overrides.sizeBytes ?? header.sizeBytes,
  };
}

function entryOf(header: RawHeader, body: Body): TreeEntry | undefined {
  if (header.typeFlag !== "0" && header.sizeBytes !== 0)
    throw typeFault(header, "has content and is not a file");
  const relative = header.name.startsWith("./") ? header.name.slice(2) : header.name;
  switch (header.typeFlag) {
    case "0":
      return {
        kind: "file",
        path: parseTreePath(relative),
        mode: checkMode(header),
        sizeBytes: header.sizeBytes,
        content: () => body.open(),
      };
    case "5":
      if (relative === "" || relative === ".") return undefined;
      return { kind: "directory", path: parseTreePath(relative.replace(/\/$/, "")), mode: checkMode(header) };
    case "2":
      checkLinkTarget(relative, header.linkName);
      return { kind: "symlink", path: parseTreePath(relative), target: header.linkName };
    default:
      throw typeFault(header, `has the type "${header.typeFlag}", neither file, directory nor symbolic link`);
  }
}

function checkMode(header: RawHeader): number {
  const mode = header.mode & 0o7777;
  if ((mode & 0o6000) !== 0) {
    throw tarFault("tar/mode", `"${header.name}" has a set-user-id or set-group-id bit`, {
      subject: header.name,
    });
  }
  return mode;
}

function typeFault(header: RawHeader, message: string): Error {
  return tarFault("tar/entry-type", `"${header.name}" ${message}`, { subject: header.name });
}

/** The content of one entry: opened at most once, and out of the way before the next header. */
class Body {
  readonly #reader: BlockReader;
  readonly #sizeBytes: number;
  #left: number;
  #opened = false;

  constructor(reader: BlockReader, sizeBytes: number) {
    this.#reader = reader;
    this.#sizeBytes = sizeBytes;
    this.#left = sizeBytes;
  }

  async *open(): AsyncGenerator<Uint8Array> {
    if (this.#opened) throw new TypeError("an archive's entry can be read once, before the next entry");
    this.#opened = true;
    yield* this.#chunks();
  }

  async skip(): Promise<void> {
    this.#opened = true;
    for await (const _chunk of this.#chunks());
    await skipPadding(this.#reader, this.#sizeBytes);
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#reader.stream(this.#left)) {
      this.#left -= chunk.length;
      yield chunk;
    }
  }
}

async function skipPadding(reader: BlockReader, sizeBytes: number): Promise<void> {
  const padding = await reader.read((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
  if (!isZero(padding))
    throw tarFault("tar/trailing-data", "an entry is padded with something else than zeros");
}

// The end is two zero blocks; writers pad to their record size with more of them, and nothing else may follow.
async function checkEnd(reader: BlockReader): Promise<void> {
  let bytes = 0;
  for await (const chunk of reader.rest()) {
    bytes += chunk.length;
    if (!isZero(chunk) || bytes > maxTrailingBytes) {
      throw tarFault("tar/trailing-data", "something follows the end of the archive");
    }
  }
  if (bytes < blockBytes) throw tarFault("tar/truncated", "the archive's end marker is missing");
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
