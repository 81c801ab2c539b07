import type { ShownSignature } from "custody/evidence";
import type { Instant } from "custody/ground";
import type { SearchPage, SearchWords } from "custody/log-index";

import type { TrustTexts } from "../verify/messages.ts";

/* What the log's views ask the worker, and what it found. The server's words go in as text; only what was proven comes out. */

/** Which log: one of the trusted root's by its origin, or the one that takes entries. */
interface LogPlace {
  readonly origin: string | undefined;
  readonly trust: TrustTexts;
}

/** A place in the tree of a checkpoint, which is a signed note. */
interface TreePlace extends LogPlace {
  readonly checkpoint: string;
}

export type LogRequest =
  | ({ readonly kind: "log-checkpoint" } & TreePlace)
  | ({
      readonly kind: "log-search";
      /** The server's answer, as it came. */
      readonly answer: string;
      readonly words: SearchWords;
      readonly from: number;
    } & TreePlace)
  | ({ readonly kind: "log-entry"; readonly index: number } & TreePlace)
  | ({ readonly kind: "log-tile"; readonly level: number; readonly index: number } & TreePlace)
  | ({
      readonly kind: "log-consistency";
      /** Two signed notes of one log. */
      readonly notes: readonly [string, string];
    } & LogPlace);

/** A tree by its size and its root, in hexadecimal. */
export interface ShownHead {
  readonly size: number;
  readonly rootHash: string;
}

/** A checkpoint that the log's trusted key signed, and what the witnesses say of it. */
export interface CheckpointReport extends ShownHead {
  readonly kind: "log-checkpoint";
  readonly origin: string;
  /** The log's key as text (C2SP signed-note, verifier keys): a log with another key is another log. */
  readonly vkey: string;
  readonly note: string;
  readonly signatures: readonly ShownSignature[];
  readonly witnessing: Witnessing;
}

export type Witnessing =
  /** The trusted root asks for none. */
  | { readonly kind: "not-asked" }
  | { readonly kind: "satisfied" }
  | { readonly kind: "missing" | "bad"; readonly message: string };

/** One page of a search, verified, and held to the checkpoint that was sent with it. */
export interface SearchReport {
  readonly kind: "log-search";
  readonly page: SearchPage;
  readonly term: string;
}

/** One hash of a path, and what it makes of what is below it; in hexadecimal. */
export interface ShownStep {
  readonly sibling: string;
  readonly side: "left" | "right";
  readonly result: string;
}

export interface ShownSigner {
  readonly key: string;
  readonly identity: string | undefined;
  readonly issuer: string | undefined;
  readonly certifiedFrom: Instant | undefined;
}

/** An entry of the log, and the way from it up to the checkpoint's root. */
export interface EntryReport {
  readonly kind: "log-entry";
  readonly checkpoint: CheckpointReport;
  readonly index: number;
  readonly sizeBytes: number;
  /** Its JSON, indented; or what it holds in base64. */
  readonly body: string;
  /** What it says, where it is one of Rekor's. */
  readonly says:
    | { readonly kind: string; readonly digest: string; readonly signers: readonly ShownSigner[] }
    | undefined;
  readonly leafHash: string;
  readonly path: readonly ShownStep[];
}

/** Where the tile above lists a tile. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
  /** Counted within the tile. */
  readonly place: number;
  readonly hash: string;
}

/** A tile as the log gave it, and whether it belongs to the checkpoint's tree. */
export interface TileReport {
  readonly kind: "log-tile";
  readonly checkpoint: CheckpointReport;
  readonly level: number;
  readonly index: number;
  readonly isFull: boolean;
  readonly hashes: readonly string[];
  /** The hash over all of them, worked out here. */
  readonly hash: string;
  /** Undefined for the last tile of a level that is not full: it is part of the tree's right edge. */
  readonly above: TilePlace | undefined;
  readonly belongs: boolean;
  /** At level 0: each entry in a few words, and whether its hash is what the tile lists. */
  readonly entries: readonly { readonly line: string; readonly holds: boolean }[];
}

/** How two checkpoints of one log stand to each other. */
export interface ConsistencyReport {
  readonly kind: "log-consistency";
  readonly older: ShownHead;
  readonly newer: ShownHead;
  readonly outcome:
    | { readonly kind: "consistent"; readonly hashes: readonly string[] }
    /** The log signed two trees of which neither goes on from the other. */
    | { readonly kind: "forked"; readonly message: string }
    /** Its tiles do not show it. */
    | { readonly kind: "unproven"; readonly code: string; readonly message: string };
}

export type LogReport = CheckpointReport | SearchReport | EntryReport | TileReport | ConsistencyReport;
