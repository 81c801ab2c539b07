import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { CustodyError } from "custody/ground";
import type { AttestationFile, AttestationSource } from "custody/in-toto";

const maxFiles = 1024;
const maxFileBytes = 16 * 1024 * 1024;
const maxAllBytes = 256 * 1024 * 1024;

/** The attestations in a folder: every file there, hidden ones and folders apart, by name. */
export function openAttestationFolder(folder: string): AttestationSource {
  return {
    list: async () => {
      const names = await listFiles(folder);
      if (names.length > maxFiles) throw folderFault(folder, `there are more than ${maxFiles} files`);
      const files: AttestationFile[] = [];
      let sizeBytes = 0;
      for (const name of names) {
        const file = await readAttestation(folder, name);
        sizeBytes += file.content.length;
        if (sizeBytes > maxAllBytes) throw folderFault(folder, `together they exceed ${maxAllBytes} bytes`);
        files.push(file);
      }
      return files;
    },
  };
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .toSorted();
  } catch (cause) {
    throw folderFault(folder, "the folder cannot be listed", cause);
  }
}

async function readAttestation(folder: string, name: string): Promise<AttestationFile> {
  const path = join(folder, name);
  const { size } = await stat(path);
  if (size > maxFileBytes) throw folderFault(path, `it is larger than ${maxFileBytes} bytes`);
  return { name, content: new Uint8Array(await readFile(path)) };
}

function folderFault(subject: string, message: string, cause?: unknown): CustodyError<"in-toto/links"> {
  return new CustodyError("in-toto/links", `the attestations cannot be read: ${message}`, { subject, cause });
}
