import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";

import { CustodyError } from "custody/ground";

import { verifyBundle } from "../packages/cli/src/commands/verify-bundle.ts";
import { askOracle } from "./sigstore-oracle.ts";
import type { OracleAnswer } from "./sigstore-oracle.ts";

/** One case of the suite, asked in one way. */
export interface BundleOutcome {
  readonly name: string;
  readonly mode: "path" | "digest";
  readonly exitCode: number;
  /** What the command printed, in one line. */
  readonly said: string;
  /** Undefined when it passed. */
  readonly failure: string | undefined;
  /** What @sigstore/verify says of the same case; undefined where it cannot be asked. */
  readonly oracle: OracleAnswer | undefined;
}

/** A case: what the command is called with, and whether it must say yes. */
export interface BundleCase {
  readonly name: string;
  readonly bundle: string;
  readonly artifact: string;
  readonly trustedRoot: string;
  readonly identity: string;
  readonly issuer: string;
  readonly key: string | undefined;
}

const beacon =
  "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const githubIssuer = "https://token.actions.githubusercontent.com";

/** Runs every case of a directory of the suite twice: with the artifact as a file, and by its digest. */
export async function runBundleCases(directory: string): Promise<readonly BundleOutcome[]> {
  const outcomes: BundleOutcome[] = [];
  for (const name of readdirSync(directory).sort()) {
    const folder = join(directory, name);
    if (!statSync(folder).isDirectory() || !existsSync(join(folder, "bundle.sigstore.json"))) continue;
    const one = readCase(directory, name);
    for (const mode of ["path", "digest"] as const) outcomes.push(await runCase(one, mode));
  }
  return outcomes;
}

function readCase(directory: string, name: string): BundleCase {
  const find = (file: string) => {
    const path = join(directory, name, file);
    return existsSync(path) ? path : undefined;
  };
  const read = (file: string) => {
    const path = find(file);
    return path === undefined ? undefined : readFileSync(path, "utf8").trim();
  };
  return {
    name,
    bundle: join(directory, name, "bundle.sigstore.json"),
    artifact: find("artifact") ?? join(directory, "a.txt"),
    trustedRoot: find("trusted_root.json") ?? join(directory, "trusted_root.json"),
    identity: read("identity") ?? beacon,
    issuer: read("issuer") ?? githubIssuer,
    key: find("key.pub"),
  };
}

async function runCase(one: BundleCase, mode: "path" | "digest"): Promise<BundleOutcome> {
  const { exitCode, said } = await askCustody(one, mode);
  const isWanted = !one.name.endsWith("_fail");
  const isRight = isWanted ? exitCode === 0 : exitCode === 1 || exitCode === 2;
  const failure = isRight ? undefined : `wanted ${isWanted ? "yes" : "no"}, got ${exitCode}: ${said}`;
  return {
    name: one.name,
    mode,
    exitCode,
    said,
    failure,
    oracle: mode === "path" ? askOracle(one) : undefined,
  };
}

// The command's own function, with everything but the process around it.
async function askCustody(one: BundleCase, mode: string): Promise<{ exitCode: number; said: string }> {
  const { bundle, identity, issuer, key, artifact } = one;
  const root = existsSync(one.trustedRoot) ? { trustedRoot: one.trustedRoot } : {};
  const signer =
    key === undefined ? { certificateIdentity: identity, certificateOidcIssuer: issuer } : { key };
  const lines: string[] = [];
  const output = {
    result: (_: unknown, all: readonly string[]) => lines.push(...all),
    progress: () => {},
    event: () => {},
  };
  const thing = mode === "path" ? artifact : `sha256:${digestOf(artifact)}`;
  try {
    const exitCode = await verifyBundle({ output, args: [thing], options: { bundle, ...root, ...signer } });
    return { exitCode, said: lines.join(" ") };
  } catch (error) {
    // As the command's process does: what is thrown is "could not decide", a bug too, and a bug is no answer here.
    if (!(error instanceof CustodyError)) throw error;
    return { exitCode: 2, said: `${error.code}: ${error.message}` };
  }
}

function digestOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
