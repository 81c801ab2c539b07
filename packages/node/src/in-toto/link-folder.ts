import { globSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { CustodyError } from "custody/ground";
import type { LinkFile, LinkSource } from "custody/in-toto";

const maxFiles = 256;
const maxFileBytes = 16 * 1024 * 1024;
const shortKeyid = /^[0-9A-Za-z_-]{1,64}$/;

/** The links in a folder, as in-toto's tools leave them: `STEP.KEYID.link`, those of sublayouts in `STEP.KEYID/`. */
export function openLinkFolder(folder: string): LinkSource {
  return {
    async findLinks(step) {
      const files = globSync(`*.link`, { cwd: folder })
        .filter((file) => file.startsWith(`${step}.`))
        .map((file) => ({ file, short: file.slice(step.length + 1, -".link".length) }))
        .filter(({ short }) => shortKeyid.test(short))
        .toSorted((a, b) => (a.file < b.file ? -1 : 1));
      if (files.length > maxFiles) throw linkFault(folder, `more than ${maxFiles} links of step ${step}`);
      return Promise.all(files.map(({ file, short }) => readLink(join(folder, file), short)));
    },
    below: (step, short) => {
      if (!shortKeyid.test(short)) throw linkFault(folder, `"${short}" is no key id`);
      return openLinkFolder(join(folder, `${step}.${short}`));
    },
  };
}

async function readLink(path: string, short: string): Promise<LinkFile> {
  const { size } = await stat(path);
  if (size > maxFileBytes) throw linkFault(path, `it is larger than ${maxFileBytes} bytes`);
  return { shortKeyid: short, content: new Uint8Array(await readFile(path)) };
}

function linkFault(subject: string, message: string): CustodyError<"in-toto/links"> {
  return new CustodyError("in-toto/links", `the links cannot be read: ${message}`, { subject });
}
