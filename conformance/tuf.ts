import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { equalBytes } from "custody/ground";
import { isSignedFor, parseTufMetadata } from "custody/tuf";

import type { VectorOutcome } from "./vector-outcome.ts";
import { judgeVector } from "./vector-outcome.ts";

/** Runs over static repositories: their roots are read and their signatures counted. Custody follows no foreign repository. */
export async function runTufVectors(directory: string): Promise<readonly VectorOutcome[]> {
  const outcomes: VectorOutcome[] = [];
  for (const folder of globSync("*/", { cwd: directory }).toSorted()) {
    const path = join(directory, folder);
    if (!existsSync(join(path, "initial_root.json"))) continue;
    outcomes.push(
      await judgeVector(`${folder}: its root is read, and signed as it says`, () => checkRoot(path)),
    );
    outcomes.push(
      await judgeVector(`${folder}: its root is not signed for another`, () => checkForeignRoot(path)),
    );
    for (const file of globSync("*.json", { cwd: join(path, "metadata") }).toSorted()) {
      if (file.endsWith(".root.json")) continue;
      outcomes.push({ name: `${folder}: ${file}`, failure: undefined, skipped: "there is no client for it" });
    }
  }
  return outcomes;
}

function readRoot(path: string): ReturnType<typeof parseTufMetadata<"root">> {
  return parseTufMetadata(new Uint8Array(readFileSync(path)), "root");
}

async function checkRoot(path: string): Promise<void> {
  const root = readRoot(join(path, "initial_root.json"));
  const published = readRoot(join(path, "metadata", `${root.signed.version}.root.json`));
  if (!equalBytes(root.signedBytes, published.signedBytes)) throw new Error("the published root is another");
  if (!(await isSignedFor(nodeCrypto, root.signed, "root", root)))
    throw new Error("too few keys have signed it");
}

async function checkForeignRoot(path: string): Promise<void> {
  const root = readRoot(join(path, "initial_root.json"));
  const signedBytes = new Uint8Array([...root.signedBytes, 0x20]);
  const isSigned = await isSignedFor(nodeCrypto, root.signed, "root", { ...root, signedBytes });
  if (isSigned) throw new Error("other bytes count as signed");
}
