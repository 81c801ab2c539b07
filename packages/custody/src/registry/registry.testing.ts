import { createHash, randomBytes } from "node:crypto";

import { parseUtf8, utf8 } from "custody/ground";
import { memoryBlobStore } from "custody/oci";

import { handleRegistryRequest, memoryMetadataStore, memoryUploadStore } from "./index.ts";
import type { RegistryPorts } from "./index.ts";

/** Everything in memory; everyone may do everything. */
export function memoryRegistry(): RegistryPorts {
  const crypto = { sha256: (data: Uint8Array) => new Uint8Array(createHash("sha256").update(data).digest()) };
  return {
    blobs: memoryBlobStore(crypto),
    uploads: memoryUploadStore({ bytes: (count) => new Uint8Array(randomBytes(count)) }),
    metadata: memoryMetadataStore(),
    authorize: async () => "allowed",
    crypto,
    maxBlobBytes: 1000,
  };
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The first error code of the body. */
  readonly code: string | undefined;
}

/** Sends a request, `METHOD /path?query`, and reads the whole response. */
export async function send(
  ports: RegistryPorts,
  line: string,
  { headers = {}, body = "" }: Sent = {},
): Promise<Received> {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  const content = typeof body === "string" ? utf8(body) : body;
  const response = await handleRegistryRequest(ports, {
    method,
    path,
    query: new URLSearchParams(query),
    header: (name) => headers[name],
    body: (async function* () {
      yield content.subarray(0, 3);
      yield content.subarray(3);
    })(),
  });
  const text = parseUtf8(await collect(response.body));
  const isError = response.status >= 400 && text !== "";
  const code = isError ? (JSON.parse(text) as { errors: { code: string }[] }).errors[0]?.code : undefined;
  return { status: response.status, headers: response.headers, text, code };
}

async function collect(body: Uint8Array | AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
