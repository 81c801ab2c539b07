import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

import { concatBytes, CustodyError } from "custody/ground";

/** What was got: an archive and the tag that it goes by, or that the one before is still the newest. */
export type Fetched =
  | { readonly kind: "same"; readonly waits: boolean }
  | {
      readonly kind: "archive";
      readonly bytes: Uint8Array;
      readonly tag: string | undefined;
      /** True where the server keeps the next request open until there is something new. */
      readonly waits: boolean;
    };

export interface Wanted {
  /** What is there already; undefined for nothing. */
  readonly tag: string | undefined;
  /** No larger archive is taken. */
  readonly sizeLimitBytes: number;
  /** For how long a server may keep the request open; undefined where it need not. */
  readonly waitSeconds: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Where the archives of one bundle come from. It holds nothing: what is there already, its caller says. Asked once at a
 * time; whoever calls tries again after a failure.
 */
export interface BundleOrigin {
  /** @throws CustodyError `server/bundle` for what is not there or too large, `details.status` where a server said so. */
  readonly fetch: (wanted: Wanted) => Promise<Fetched>;
}

/** A file; its tag is its digest. */
export function fileOrigin(path: string): BundleOrigin {
  return {
    fetch: async ({ tag: known, sizeLimitBytes, signal }) => {
      const bytes = await readBounded(createReadStream(path, { signal }), sizeLimitBytes);
      const tag = createHash("sha256").update(bytes).digest("hex");
      return tag === known ? { kind: "same", waits: false } : { kind: "archive", bytes, tag, waits: false };
    },
  };
}

/** @throws CustodyError `server/bundle` for more than the limit; the rest is not read. */
export async function readBounded(
  parts: AsyncIterable<Uint8Array>,
  sizeLimitBytes: number,
): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    if (size > sizeLimitBytes) throw bundleFault(`the bundle is larger than ${sizeLimitBytes} bytes`);
    read.push(part);
  }
  return concatBytes(...read);
}

/** What an answer without a body has. */
export async function* emptyBody(): AsyncGenerator<Uint8Array> {}

export function bundleFault(message: string, status?: number): CustodyError {
  return new CustodyError("server/bundle", message, { ...(status !== undefined && { details: { status } }) });
}
