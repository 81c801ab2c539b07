import { join } from "node:path";

import { makeDirectory, replaceFile } from "@custody/node/files";
import { nodeCrypto } from "@custody/node/crypto";
import { CustodyError } from "custody/ground";
import { fetchTufTarget, findTufTarget, isSignedFile, quoteName, refreshTuf, tufFault } from "custody/tuf";
import type { TufClientPorts, TufTarget, TufView } from "custody/tuf";

import type { Call } from "../commands/call.ts";
import { readFileBytes } from "../commands/read-file.ts";
import { exitCodes } from "../output.ts";
import { openPorts, orRefusal } from "./options.ts";
import type { TufOptions } from "./options.ts";

/** `custody tuf download`: targets that the repository vouches for, one after the other under one view of it. */
export async function download({ output, options }: Call<TufOptions>): Promise<number> {
  const { targetName: names, targetDir: directory } = options;
  const ports = openPorts(options);
  if (names.length === 0)
    throw new CustodyError("cli/usage", "say what to download", { next: "give --target-name" });
  return orRefusal(output, async () => {
    const view = await refreshTuf(ports);
    const targets: object[] = [];
    for (const path of names) {
      const target = await getTarget(ports, view, path);
      const { file, isNew } = await keepTarget(ports, view, { target, directory });
      targets.push({ path, role: target.role, file, isNew });
      output.progress(`${path}: ${isNew ? "downloaded" : "is there already"}, as ${target.role} says`);
    }
    output.result({ verdict: "allowed", targets }, []);
    return exitCodes.yes;
  });
}

async function getTarget(ports: TufClientPorts, view: TufView, path: string): Promise<TufTarget> {
  const target = await findTufTarget(ports, view, path);
  if (target) return target;
  throw tufFault("tuf/missing", `the repository vouches for no ${path}`, { subject: path });
}

// The whole path is one file name: no target can come out of the directory, nor two come to lie in one place.
async function keepTarget(
  ports: TufClientPorts,
  view: TufView,
  { target, directory }: { readonly target: TufTarget; readonly directory: string },
): Promise<{ readonly file: string; readonly isNew: boolean }> {
  const file = join(directory, quoteName(target.path));
  const kept = await readFileBytes(file, target.length).catch(() => undefined);
  if (kept && isSignedFile(nodeCrypto, target, kept)) return { file, isNew: false };
  const bytes = await fetchTufTarget(ports, view, target);
  await makeDirectory(directory);
  await replaceFile(file, bytes);
  return { file, isNew: true };
}
