import { createHash } from "node:crypto";

import { utf8 } from "custody/ground";

import type { TreeEntry } from "./entry.ts";
import type { TarLimits } from "./read.ts";
import { readTar } from "./read.ts";

export function file(path: string, text = "", mode = 0o644): TreeEntry {
  const bytes = utf8(text);
  return { kind: "file", path, mode, sizeBytes: bytes.length, content: () => chunksOf(bytes) };
}

export function directory(path: string, mode = 0o755): TreeEntry {
  return { kind: "directory", path, mode };
}

export function symlink(path: string, target: string): TreeEntry {
  return { kind: "symlink", path, target };
}

/** The bytes in pieces of an awkward size, so that no reader can lean on where a chunk ends. */
export async function* chunksOf(bytes: Uint8Array, sizeBytes = 700): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function hashOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  return createHash("sha256")
    .update(await collect(stream))
    .digest("hex");
}

/** Every entry of an archive in one line each: kind, mode, path, and content or target. */
export async function describe(archive: Uint8Array, limits?: Partial<TarLimits>): Promise<string[]> {
  const lines: string[] = [];
  for await (const entry of readTar(chunksOf(archive), limits)) lines.push(await describeEntry(entry));
  return lines;
}

async function describeEntry(entry: TreeEntry): Promise<string> {
  switch (entry.kind) {
    case "file":
      return `file ${entry.mode.toString(8)} ${entry.path} ${(await collect(entry.content())).toString()}`;
    case "directory":
      return `directory ${entry.mode.toString(8)} ${entry.path}`;
    case "symlink":
      return `symlink ${entry.path} -> ${entry.target}`;
    default:
      return entry satisfies never;
  }
}

export interface HeaderFields {
  readonly name?: string | Uint8Array;
  readonly mode?: string;
  readonly size?: string;
  readonly type?: string;
  readonly link?: string;
  readonly magic?: string;
}

/** One header block as a hostile writer would make it: any field, and a checksum that fits. */
export function header(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(512);
  block.set(Buffer.from(fields.name ?? "a"), 0);
  block.write(fields.mode ?? "0000644\0", 100, "latin1");
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(fields.size ?? "00000000000\0", 124, "latin1");
  block.write("00000000000\0", 136);
  block.write(fields.type ?? "0", 156, "latin1");
  block.write(fields.link ?? "", 157);
  block.write(fields.magic ?? "ustar\x0000", 257, "latin1");
  return withChecksum(block);
}

export function withChecksum(block: Buffer): Buffer {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

export const end = Buffer.alloc(1024);

export function padded(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** An extended header and its records, given as the text they are. */
export function extended(type: string, body: string): Buffer {
  const size = `${Buffer.byteLength(body).toString(8).padStart(11, "0")}\0`;
  return Buffer.concat([header({ name: "extension", type, size }), padded(body)]);
}
