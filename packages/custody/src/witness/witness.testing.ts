import { instantOf, utf8 } from "custody/ground";
import type { Bytes, Clock } from "custody/ground";
import type { Log } from "custody/log";
import { openLog } from "custody/log";
import { parseCheckpoint, parseNote } from "custody/note";
import type { VerifierKey } from "custody/note";

import { crypto, memoryPorts } from "../log/log.testing.ts";
import { makeWitness } from "../note/note.testing.ts";
import { formatAddCheckpoint, memoryWitnessStore } from "./index.ts";
import type { WitnessPorts } from "./index.ts";

/** A log in memory, with every checkpoint that it published, by size. */
export interface GrownLog {
  readonly log: Log;
  readonly key: VerifierKey;
  readonly checkpoints: readonly string[];
  /** The body by which it asks for the cosignature of its checkpoint of `size`. */
  ask(oldSize: number, size: number): Promise<Bytes>;
}

/** A log with one entry of each name. Of the same names, logs with the same signer are the same. */
export async function growLog(names: readonly string[], ports = memoryPorts()): Promise<GrownLog> {
  const log = await openLog(ports);
  const checkpoints = [await log.checkpoint()];
  for (const name of names) checkpoints.push((await log.append(utf8(name))).checkpoint);
  const ask = async (oldSize: number, size: number): Promise<Bytes> => {
    const hashes = oldSize === 0 || oldSize >= size ? [] : await proveAt(names.slice(0, size), oldSize);
    return utf8(formatAddCheckpoint({ oldSize, hashes, checkpoint: checkpoints[size] ?? "" }));
  };
  return { log, key: log.key, checkpoints, ask };
}

// The proof depends on the entries only: a log that holds just these gives it.
async function proveAt(names: readonly string[], oldSize: number): Promise<readonly Bytes[]> {
  const log = await openLog(memoryPorts());
  for (const name of names) await log.append(utf8(name));
  return (await log.proveConsistency(oldSize)).hashes;
}

/** A clock that is a second later each time. */
function tickingClock(): Clock {
  let now = 1_700_000_000_000;
  return { now: () => instantOf((now += 1000)) };
}

/** A witness's ports, in memory, with an Ed25519 and an ML-DSA-44 key. */
export function makeWitnessPorts(
  logs: readonly GrownLog[],
): WitnessPorts & { readonly keys: readonly VerifierKey[] } {
  const makers = (["ed25519", "ml-dsa-44"] as const).map((scheme) =>
    makeWitness(crypto, "w.example", scheme),
  );
  return {
    crypto,
    clock: tickingClock(),
    store: memoryWitnessStore(),
    cosigners: makers.map(({ cosigner }) => cosigner),
    keys: makers.map(({ key }) => key),
    logs: logs.map(({ key }) => ({ origin: key.name, keys: [key] })),
  };
}

export const sizeOf = (note: string): number => parseCheckpoint(parseNote(note).text).size;
