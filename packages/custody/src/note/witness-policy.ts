import { concatBytes, equalBytes, parseUtf8 } from "custody/ground";
import type { Crypto } from "custody/ground";

import { isCosignatureType } from "./cosignature.ts";
import { noteFault } from "./faults.ts";
import { parseVerifierKey } from "./verifier-key.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** A log whose checkpoints a policy takes; the name of its key is its origin. */
export interface PolicyLog {
  readonly key: VerifierKey;
  readonly url: string | undefined;
}

/** A witness: the name is the policy's own word for it, the key's name is what stands in signature lines. */
export interface PolicyWitness {
  readonly name: string;
  readonly key: VerifierKey;
  /** Its submission prefix (C2SP tlog-witness). */
  readonly url: string | undefined;
}

/** Has witnessed what at least `threshold` of its members have: witnesses, or groups that stand before it. */
export interface WitnessGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

/** Which witnesses must have cosigned a checkpoint (C2SP tlog-policy). */
export interface WitnessPolicy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** In the file's order: members come before the groups that name them. */
  readonly groups: readonly WitnessGroup[];
  /** The witness or group that must have witnessed; undefined where the policy asks for none. */
  readonly quorum: string | undefined;
}

type Hasher = Pick<Crypto, "sha256">;

const sizeLimitBytes = 512 * 1024;
const listLimit = 60;
const noQuorum = "none";
/** The one set of characters that the format knows: tab, newline, and all that is no ASCII control character. */
const characters = /^[\t\n\x20-\x7e\x80-\xff]*$/;

/**
 * Reads a policy file, strictly: at most 512 KiB, and 60 logs, witnesses and groups.
 *
 * @throws CustodyError `note/policy` with the line's number: a word or key that is not known here, a name that is
 * taken, a member that is not defined yet or belongs to a group already, a threshold of 0 or above the group's size,
 * a key that is there twice (under whatever name), no quorum line or two.
 * @example parseWitnessPolicy(crypto, utf8("witness w w.example+9eb7e1ca+BAm…\nquorum w\n")).quorum // "w"
 */
export function parseWitnessPolicy(hasher: Hasher, source: Uint8Array): WitnessPolicy {
  // Octets above 0x7f are opaque: one character each, compared as they are.
  const text = source.length > sizeLimitBytes ? undefined : Array.from(source, asCharacter).join("");
  if (text === undefined) throw refused("", "it is too large");
  if (!characters.test(text) || !text.endsWith("\n")) {
    throw refused("", "it is no text whose every line ends in a newline");
  }
  const reader = new PolicyReader(hasher);
  for (const [i, line] of text.split("\n").entries()) reader.read(line, `line ${i + 1}`);
  return reader.policy();
}

function asCharacter(octet: number): string {
  return String.fromCharCode(octet);
}

class PolicyReader {
  readonly #hasher: Hasher;
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #groups: WitnessGroup[] = [];
  readonly #defined = new Set<string>();
  readonly #members = new Set<string>();
  #quorum: string | undefined;

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  read(line: string, place: string): void {
    const [word, ...items] = line.split(/[\t ]+/).filter((item) => item !== "");
    if (word === undefined || word.startsWith("#")) return;
    switch (word) {
      case "log":
        return this.#readLog(items, place);
      case "witness":
        return this.#readWitness(items, place);
      case "group":
        return this.#readGroup(items, place);
      case "quorum":
        return this.#readQuorum(items, place);
      default:
        throw refused(place, "it begins with none of log, witness, group, quorum");
    }
  }

  policy(): WitnessPolicy {
    if (this.#quorum === undefined) throw refused("", "it has no quorum line");
    const quorum = this.#quorum === noQuorum ? undefined : this.#quorum;
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum };
  }

  #readLog([vkey = "", url, ...rest]: readonly string[], place: string): void {
    const key = this.#key(vkey, place);
    if (rest.length > 0) throw refused(place, "a log has a key and a URL, and no more");
    if (key.type === "cosignature/v1") throw refused(place, "the key is a witness's, not a log's");
    checkNew(key, this.#logs, place);
    this.#logs.push({ key, url });
  }

  #readWitness([name = "", vkey = "", url, ...rest]: readonly string[], place: string): void {
    const key = this.#key(vkey, place);
    if (rest.length > 0) throw refused(place, "a witness has a name, a key and a URL, and no more");
    if (!isCosignatureType(key.type)) throw refused(place, "the key is a log's, not a witness's");
    checkNew(key, this.#witnesses, place);
    this.#define(name, place);
    this.#witnesses.push({ name, key, url });
  }

  #readGroup([name = "", count = "", ...members]: readonly string[], place: string): void {
    const threshold = thresholdOf(count, members.length);
    if (threshold === undefined) {
      throw refused(place, "a group has a name, then all, any, or a number from 1 to that of its members");
    }
    for (const member of members) this.#join(member, place);
    this.#define(name, place);
    this.#checkCount(this.#groups, place);
    this.#groups.push({ name, threshold, members });
  }

  // Each name is a member once at most, so that each witness counts in one way only.
  #join(member: string, place: string): void {
    if (!this.#defined.has(member)) throw refused(place, `nothing named ${member} stands before it`);
    if (this.#members.has(member)) throw refused(place, `${member} is a member already`);
    this.#members.add(member);
  }

  #readQuorum([name = "", ...rest]: readonly string[], place: string): void {
    if (this.#quorum !== undefined) throw refused(place, "there is a quorum already");
    if (rest.length > 0 || (name !== noQuorum && !this.#defined.has(name))) {
      throw refused(place, "a quorum is none, or one witness or group that stands before it");
    }
    this.#quorum = name;
  }

  #define(name: string, place: string): void {
    if (name === "" || name === noQuorum || this.#defined.has(name)) {
      throw refused(place, "the name is missing, reserved or taken");
    }
    this.#defined.add(name);
  }

  #key(text: string, place: string): VerifierKey {
    this.#checkCount(this.#logs, place);
    this.#checkCount(this.#witnesses, place);
    try {
      const octets = Array.from(text, (character) => character.charCodeAt(0));
      return parseVerifierKey(this.#hasher, parseUtf8(concatBytes(new Uint8Array(octets))));
    } catch (cause) {
      throw refused(place, "it holds no verifier key that is known here", cause);
    }
  }

  #checkCount(list: readonly unknown[], place: string): void {
    if (list.length >= listLimit) throw refused(place, `more than ${listLimit} of a kind are not taken`);
  }
}

function thresholdOf(count: string, members: number): number | undefined {
  const threshold =
    count === "any" ? 1 : count === "all" ? members : /^[1-9]\d?$/.test(count) ? Number(count) : 0;
  return threshold >= 1 && threshold <= members ? threshold : undefined;
}

// Two keys are the same when what signs is the same, whatever names and types they stand under.
function checkNew(key: VerifierKey, others: readonly { readonly key: VerifierKey }[], place: string): void {
  if (others.some((other) => equalBytes(other.key.publicKey.spki, key.publicKey.spki))) {
    throw refused(place, "the key is there twice");
  }
}

function refused(place: string, message: string, cause?: unknown): Error {
  return noteFault(
    "note/policy",
    `the witness policy is refused: ${place === "" ? "" : `${place}: `}${message}`,
    {
      next: "write it as C2SP tlog-policy says: log, witness, group and quorum lines",
      cause,
    },
  );
}
