import type { Digest } from "custody/ground";
import { isDigest } from "custody/ground";
import { isNamePattern, matchesName } from "custody/sigstore";
import type { LoggedSigner } from "custody/sigstore";

import { monitorFault } from "./faults.ts";

/** In whose name something may be signed only if it is expected. */
export interface WatchList {
  readonly identities: readonly { readonly identity: string; readonly issuer: string | undefined }[];
  /** SHA-256 of each key's SubjectPublicKeyInfo. */
  readonly keys: ReadonlySet<Digest>;
}

const itemLimit = 10_000;

/**
 * Reads a list of watched names: lines `identity NAME [ISSUER]`, each exact or behind `glob:`, and `key sha256:HEX` of a
 * SubjectPublicKeyInfo. Empty lines and lines that begin with `#` count for nothing.
 *
 * @throws CustodyError `monitor/list` with the line's number.
 */
export function parseWatchList(text: string): WatchList {
  const identities: { identity: string; issuer: string | undefined }[] = [];
  const keys = new Set<Digest>();
  for (const { words, place } of itemsOf(text)) {
    const [kind, name = "", issuer, more] = words;
    if (kind === "identity" && more === undefined && [name, issuer ?? name].every(isNamePattern)) {
      identities.push({ identity: name, issuer });
    } else if (kind === "key" && issuer === undefined && isDigest(name)) keys.add(name);
    else throw refused(place, "it is neither `identity NAME [ISSUER]` nor `key sha256:HEX`");
  }
  return { identities, keys };
}

/** Whether a signature is in a watched name. */
export function isWatched({ identities, keys }: WatchList, { key, identity, issuer }: LoggedSigner): boolean {
  const isNamed = (wanted: WatchList["identities"][number]): boolean =>
    identity !== undefined &&
    matchesName(wanted.identity, identity) &&
    (wanted.issuer === undefined || matchesName(wanted.issuer, issuer ?? ""));
  return keys.has(key) || identities.some(isNamed);
}

const expectedDigest = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/**
 * Reads a list of what may be signed in watched names: a digest a line, of an artifact or of an envelope's payload.
 *
 * @throws CustodyError `monitor/list` with the line's number.
 */
export function parseExpectations(text: string): ReadonlySet<string> {
  const digests = new Set<string>();
  for (const { words, place } of itemsOf(text)) {
    const [digest = "", more] = words;
    if (more !== undefined || !expectedDigest.test(digest))
      throw refused(place, "it is no digest, as sha256:HEX");
    digests.add(digest);
  }
  return digests;
}

function itemsOf(text: string): { readonly words: readonly string[]; readonly place: string }[] {
  const lines = text
    .split("\n")
    .map((line, i) => ({ words: line.trim().split(/[ \t]+/), place: `line ${i + 1}` }));
  const items = lines.filter(({ words: [first = ""] }) => first !== "" && !first.startsWith("#"));
  if (items.length > itemLimit) throw refused("", `it has more than ${itemLimit} lines`);
  return items;
}

function refused(place: string, message: string): Error {
  return monitorFault("monitor/list", `the list is refused: ${place === "" ? "" : `${place}: `}${message}`);
}
