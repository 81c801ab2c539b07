import { createSecureContext } from "node:tls";
import { readFile } from "node:fs/promises";

import { CustodyError } from "custody/ground";

/** Files with a certificate chain and its key, in PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
}

/** @throws CustodyError `server/tls` for files that cannot be read, and for a key that is not the certificate's. */
export async function readTlsFiles({ certFile, keyFile }: TlsFiles): Promise<TlsMaterial> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new CustodyError("server/tls", `${certFile}, ${keyFile}: ${said}`, {
      subject: certFile,
      next: "give a certificate and its key, both in PEM",
      cause,
    });
  }
}

export interface TlsWatching {
  readonly files: TlsFiles;
  readonly intervalMilliseconds: number;
  readonly known: TlsMaterial;
  readonly use: (material: TlsMaterial) => void;
  /** Told of files that cannot be used; what was there stays in use. */
  readonly say: (line: string) => void;
}

/**
 * Reads the files again and again: a mounted secret is a link that moves, which no watcher of files sees everywhere.
 *
 * @returns what ends it.
 */
export function watchTlsFiles({ files, intervalMilliseconds, use, say, ...start }: TlsWatching): () => void {
  let { known } = start;
  let isReading = false;
  const look = async (): Promise<void> => {
    const found = await readTlsFiles(files);
    if (found.cert === known.cert && found.key === known.key) return;
    use(found);
    known = found;
  };
  const timer = setInterval(() => {
    if (isReading) return;
    isReading = true;
    look()
      .catch((error: unknown) => say(error instanceof Error ? error.message : String(error)))
      .finally(() => (isReading = false));
  }, intervalMilliseconds);
  timer.unref();
  return () => clearInterval(timer);
}
