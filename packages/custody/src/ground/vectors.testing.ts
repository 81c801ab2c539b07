import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const top = resolve(import.meta.dirname, "../../../..");
const homes = [process.env["CUSTODY_VECTORS"], resolve(top, "../shared/vectors")];

/** The folder of a set of shared test vectors, or undefined where they are not on this machine: tests then skip. */
export function findVectors(name: string): string | undefined {
  return homes.flatMap((home) => (home ? [join(home, name)] : [])).find((folder) => existsSync(folder));
}
