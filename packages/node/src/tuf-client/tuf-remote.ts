import type { Bytes } from "custody/ground";
import { CustodyError } from "custody/ground";
import type { TufRemote } from "custody/tuf";
import { tufFault } from "custody/tuf";

/** Where a repository is. */
export interface TufUrls {
  readonly metadata: string;
  /** Where its targets are; without it below the metadata, in `targets/`. */
  readonly targets?: string;
}

const timeoutMilliseconds = 30_000;
/** What servers of files answer where there is no file. */
const absent = new Set([403, 404, 410]);

/** A {@link TufRemote} over HTTP. Redirections are followed: what comes is held to its signatures, wherever it is from. */
export function openTufRemote({ metadata, targets = `${trim(metadata)}/targets` }: TufUrls): TufRemote {
  const from = (base: string) => (path: string, limitBytes: number) =>
    readFile(`${trim(base)}/${path}`, limitBytes);
  return { fetchMetadata: from(metadata), fetchTarget: from(targets) };
}

async function readFile(url: string, limitBytes: number): Promise<Bytes | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMilliseconds) });
    if (response.status === 200) return await readBody(response, url, limitBytes);
    await response.body?.cancel();
    if (absent.has(response.status)) return undefined;
    throw new TypeError(`it answered ${response.status}`);
  } catch (cause) {
    if (cause instanceof CustodyError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw tufFault("tuf/unreachable", `${url} cannot be read: ${message}`, { subject: url, cause });
  }
}

async function readBody({ body }: Response, url: string, limitBytes: number): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > limitBytes)
      throw tufFault("tuf/limit", `${url} is longer than ${limitBytes} bytes`, { subject: url });
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function trim(url: string): string {
  return url.replace(/\/+$/, "");
}
