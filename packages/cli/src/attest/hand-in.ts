import { lstat } from "node:fs/promises";

import { createFile } from "@custody/node/files";
import { bundleMediaType } from "custody/evidence";
import type { Bytes } from "custody/ground";
import { CustodyError, parseUtf8 } from "custody/ground";

import type { Client } from "../client.ts";

/** What a finished attestation came to. */
export interface HandedIn {
  /** Where the bundle was written. */
  readonly file?: string;
  /** As the server keeps it. */
  readonly kept?: {
    readonly digest: string;
    readonly logIndex: number;
    readonly identity: string;
    readonly rendering: string;
    /** False where a withdrawal found its attestation withdrawn before. */
    readonly isNew: boolean;
  };
}

/** Writes the bundle to a new file, gives it to the server, or both, as was asked. */
export async function handIn(
  client: Client,
  bundle: Bytes,
  { bundle: file, upload }: { readonly bundle?: string; readonly upload: boolean },
): Promise<HandedIn> {
  if (file !== undefined && !(await createFile(file, bundle))) throw isThere(file);
  if (!upload) return file === undefined ? {} : { file };
  const content = parseUtf8(bundle);
  const parts = { content, type: bundleMediaType, isOpen: !client.hasToken };
  const response = await client.request("POST", "/attestations", parts);
  const kept = (await response.json()) as NonNullable<HandedIn["kept"]>;
  return { ...(file === undefined ? {} : { file }), kept };
}

/** Refuses a file for the bundle that is there, before anything is signed. */
export async function demandNew(file: string): Promise<void> {
  const isNew = await lstat(file).then(
    () => false,
    () => true,
  );
  if (!isNew) throw isThere(file);
}

function isThere(file: string): CustodyError {
  return new CustodyError("cli/exists", `${file} is there already`, {
    subject: file,
    next: "name another file for the bundle",
  });
}
