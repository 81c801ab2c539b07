import { createReadStream } from "node:fs";
import { join } from "node:path";

import { hasErrno, makeDirectory, replaceFile } from "@custody/node/files";

import { readBounded } from "./bundle-origin.ts";

/** The last good archive of a bundle, on disk. */
export class KeptArchive {
  readonly #directory: string;
  readonly #path: string;

  /** @param name of the bundle; whatever it holds, the file stays in the directory. */
  constructor(directory: string, name: string) {
    this.#directory = join(directory, "bundles");
    this.#path = join(this.#directory, `${encodeURIComponent(name)}.tar.gz`);
  }

  /** Undefined where none was kept. */
  async read(sizeLimitBytes: number): Promise<Uint8Array | undefined> {
    try {
      return await readBounded(createReadStream(this.#path), sizeLimitBytes);
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  async write(archive: Uint8Array): Promise<void> {
    await makeDirectory(this.#directory, 0o700);
    await replaceFile(this.#path, archive, { mode: 0o600 });
  }
}
