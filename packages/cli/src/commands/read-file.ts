import { readFile, stat } from "node:fs/promises";

import type { Bytes } from "custody/ground";
import { CustodyError } from "custody/ground";

/**
 * The bytes of a file that a command names.
 *
 * @throws CustodyError `cli/read` where it cannot be read, or is larger than what is read there.
 */
export async function readFileBytes(path: string, limitBytes: number): Promise<Bytes> {
  try {
    const { size } = await stat(path);
    if (size <= limitBytes) return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new CustodyError("cli/read", `${path} cannot be read`, { subject: path, cause });
  }
  throw new CustodyError("cli/read", `${path} is too large`, { subject: path });
}
