import { CustodyError, parseBase64, parseJson, parseUtf8, toBase64, utf8 } from "custody/ground";
import type { Bytes, Json } from "custody/ground";

import { maxTextLength, workspaceFields } from "../desk/index.ts";
import type { Workspace } from "../desk/index.ts";

type ShareFaultCode = "share/size" | "share/form";

/** Browsers keep longer addresses, and what people paste them into does not. */
export const maxFragmentLength = 64 * 1024;

const maxUnpackedBytes = 1024 * 1024;
const prefix = "1.";

/**
 * The workspace as the fragment of an address, without its `#`: `1.` and, in base64url, deflated JSON.
 *
 * @throws CustodyError `share/size` for a workspace that does not fit.
 */
export async function packFragment(workspace: Workspace): Promise<string> {
  const json = JSON.stringify(Object.fromEntries(workspaceFields.map((field) => [field, workspace[field]])));
  const packed = await passThrough(utf8(json), new CompressionStream("deflate-raw"));
  const fragment = prefix + toBase64(packed).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  if (fragment.length > maxFragmentLength) throw tooLarge();
  return fragment;
}

/**
 * The workspace of a fragment. Anyone can have written it: its length, what it unpacks to, its members and their
 * lengths are checked before any of it is used.
 *
 * @throws CustodyError `share/…`.
 */
export async function unpackFragment(fragment: string): Promise<Workspace> {
  if (fragment.length > maxFragmentLength) throw tooLarge();
  const match = /^1\.([\w-]+)$/.exec(fragment)?.[1];
  if (match === undefined) throw malformed("it does not begin as links of this page do");
  const json = await unpackJson(match);
  return workspaceOf(json);
}

async function unpackJson(text: string): Promise<Json> {
  try {
    const padded = text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4);
    const bytes = await passThrough(parseBase64(padded), new DecompressionStream("deflate-raw"));
    return parseJson(parseUtf8(bytes), { sizeBytes: maxUnpackedBytes, depth: 2 });
  } catch (cause) {
    if (cause instanceof CustodyError && cause.code === "share/size") throw cause;
    throw malformed("it is damaged", cause);
  }
}

function workspaceOf(json: Json): Workspace {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw malformed("it holds no object");
  const { policy, tests, input, data, query, ...others } = json as Readonly<Record<string, Json>>;
  if (Object.keys(others).length > 0) throw malformed("it holds more than texts");
  return {
    policy: textOf(policy),
    tests: textOf(tests),
    input: textOf(input),
    data: textOf(data),
    query: textOf(query),
  };
}

function textOf(value: Json | undefined): string {
  if (typeof value !== "string") throw malformed("one of its texts is missing");
  if (value.length > maxTextLength) throw tooLarge();
  return value;
}

/** The bytes behind a stream that packs or unpacks, as long as they are not too many. */
async function passThrough(bytes: Bytes, through: GenericTransformStream): Promise<Bytes> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const source = new Blob([bytes]).stream() as ReadableStream<BufferSource>;
  const stream = source.pipeThrough(through);
  for await (const chunk of readChunks(stream)) {
    size += chunk.length;
    if (size > maxUnpackedBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Not every browser can iterate over a stream. */
async function* readChunks(stream: ReadableStream<Bytes>): AsyncGenerator<Bytes> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

function tooLarge(): CustodyError<ShareFaultCode> {
  return new CustodyError("share/size", "the workspace is too large for a link", {
    next: "share the files themselves",
  });
}

function malformed(why: string, cause?: unknown): CustodyError<ShareFaultCode> {
  return new CustodyError("share/form", `the link cannot be read: ${why}`, {
    next: "ask for the link again",
    cause,
  });
}
