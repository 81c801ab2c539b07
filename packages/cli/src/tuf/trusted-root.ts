import { homedir } from "node:os";
import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { openTufRemote, openTufTrustStore } from "@custody/node/tuf-client";
import { CustodyError, instantOf, toHex } from "custody/ground";
import type { Bytes } from "custody/ground";
import { beginTuf, fetchTufTarget, findTufTarget, refreshTuf, tufFault, tufLimits } from "custody/tuf";

import { readFileBytes } from "../commands/read-file.ts";

/** The repository that says whom to trust, and the root of it that came over a way that is trusted. */
export interface TufRootOptions {
  readonly tufUrl?: string;
  readonly tufRoot?: string;
}

const target = "trusted_root.json";

/**
 * Whom to trust, as a TUF repository says now. What was seen of it is kept, by the root that one begins with: it cannot
 * go back to whom it trusted before.
 *
 * @returns undefined where no repository is named.
 * @throws CustodyError `tuf/…`, `cli/usage` for one option without the other, `cli/read`.
 */
export async function findTufTrustedRoot({ tufUrl, tufRoot }: TufRootOptions): Promise<Bytes | undefined> {
  if (tufUrl === undefined && tufRoot === undefined) return undefined;
  if (tufUrl === undefined || tufRoot === undefined) {
    throw new CustodyError("cli/usage", "a repository is trusted by its root, and asked at its URL", {
      next: "give both --tuf-url and --tuf-root",
    });
  }
  const first = await readFileBytes(tufRoot, tufLimits.rootBytes);
  const store = openTufTrustStore(join(stateDirectory(), "tuf", toHex(nodeCrypto.sha256(first))));
  const clock = { now: () => instantOf(Date.now()) };
  const ports = { crypto: nodeCrypto, clock, store, remote: openTufRemote({ metadata: tufUrl }) };
  if (!(await store.read("root"))) await beginTuf(ports, first);
  const view = await refreshTuf(ports);
  const found = await findTufTarget(ports, view, target);
  if (found) return fetchTufTarget(ports, view, found);
  throw tufFault("tuf/missing", `the repository vouches for no ${target}`, { subject: tufUrl });
}

/** Where what was seen is kept (XDG Base Directory Specification). */
function stateDirectory(): string {
  return join(process.env["XDG_STATE_HOME"] || join(homedir(), ".local/state"), "custody");
}
