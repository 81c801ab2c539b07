import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";

import { concatBytes } from "custody/ground";
import type { BundleFiles } from "custody/rego/bundle";
import { readTar } from "custody/tar";

/**
 * The files of a bundle's archive, `.tar.gz`; no more of it is unpacked than the limit says.
 *
 * @throws CustodyError `tar/…`; RangeError for an archive that is larger.
 */
export async function unpackBundle(packed: Uint8Array, limitBytes: number): Promise<BundleFiles> {
  const files = new Map<string, Uint8Array>();
  const archive = gunzipSync(packed, { maxOutputLength: limitBytes });
  for await (const entry of readTar(Readable.from([archive]), { absolutePaths: "from-the-top" })) {
    if (entry.kind !== "file") continue;
    const parts: Uint8Array[] = [];
    for await (const part of entry.content()) parts.push(part);
    files.set(entry.path, concatBytes(...parts));
  }
  return files;
}
