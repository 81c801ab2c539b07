import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { formatStemcellLock } from "custody/factory";
import type { StemcellLock } from "custody/factory";

import { Client, repositoryPath } from "../client.ts";
import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";
import { readRepositoryName } from "./repository-name.ts";

/** `custody lock`: pins the stemcells to the packages that the last delivery's were made of. */
export async function lock(call: Call): Promise<number> {
  const directory = getArgument(call, 0);
  const client = await Client.open(call.options);
  const found = await client.get<StemcellLock>(repositoryPath(await readRepositoryName(directory), "/lock"));
  const path = join(directory, "custody.lock");
  const text = formatStemcellLock(found);
  const isNew = (await readFile(path, "utf8").catch(() => "")) !== text;
  if (isNew) await writeFile(path, text);
  const counts = Object.entries(found).map(([name, packages]) => `  ${name}: ${packages.length} packages`);
  call.output.result({ file: path, changed: isNew, stemcells: found }, [
    isNew ? `wrote ${path}; commit it, signed` : `${path} is as the last delivery was`,
    ...counts,
  ]);
  return exitCodes.yes;
}
