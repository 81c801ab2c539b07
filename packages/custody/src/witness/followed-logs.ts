import type { Crypto } from "custody/ground";
import { CustodyError } from "custody/ground";
import { parseVerifierKey } from "custody/note";
import type { VerifierKey } from "custody/note";

import { witnessFault } from "./faults.ts";

/** A log that a witness follows: its name, and the keys that may sign its checkpoints. */
export interface FollowedLog {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
}

const lineLimit = 10_000;
const keyLimit = 16;

/**
 * Reads a list of logs: one key a line as a vkey, and behind it the origin where that is not the key's name. A log
 * with several keys stands there several times. Empty lines and lines that begin with `#` count for nothing.
 *
 * @throws CustodyError `witness/logs` with the line's number: what is no key, or a witness's Ed25519 key (0x04).
 * @example parseFollowedLogs(crypto, "log.example/1+8b5b9d1f+ARz…\n")[0]?.origin // "log.example/1"
 */
export function parseFollowedLogs(hasher: Pick<Crypto, "sha256">, text: string): FollowedLog[] {
  const lines = text.split("\n");
  if (lines.length > lineLimit) throw refused(`it has more than ${lineLimit} lines`);
  const keys = new Map<string, VerifierKey[]>();
  for (const [i, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const { origin, key } = parseLine(hasher, trimmed, i + 1);
    const known = keys.get(origin) ?? [];
    if (known.length >= keyLimit) throw refused(`line ${i + 1} gives its log more than ${keyLimit} keys`);
    keys.set(origin, [...known, key]);
  }
  return Array.from(keys, ([origin, keys]) => ({ origin, keys }));
}

function parseLine(
  hasher: Pick<Crypto, "sha256">,
  line: string,
  number: number,
): { readonly origin: string; readonly key: VerifierKey } {
  const [, vkey = "", origin = ""] = /^(\S+)(?:[ \t]+(.+))?$/.exec(line) ?? [];
  try {
    const key = parseVerifierKey(hasher, vkey);
    if (key.type !== "cosignature/v1") return { origin: origin === "" ? key.name : origin, key };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
  }
  throw refused(`line ${number} does not begin with a log's verifier key`);
}

function refused(message: string): Error {
  return witnessFault("witness/logs", `the list of logs is refused: ${message}`, {
    next: "write one log a line: its verifier key, then its origin if that is not the key's name",
  });
}
