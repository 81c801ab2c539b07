import { equalBytes } from "custody/ground";
import type { Signer } from "custody/ground";
import { emptyFrontier, rootHashOf, TileReader, verifyConsistency } from "custody/merkle";
import { formatCheckpoint, signNote, verifyCheckpoint } from "custody/note";
import type { VerifiedCheckpoint } from "custody/note";

import { logFault } from "./faults.ts";
import { growTree } from "./grow-tree.ts";
import type { GrownTree } from "./grow-tree.ts";
import { loadView, tileFiles, viewOf } from "./log-view.ts";
import type { LogSource, LogView } from "./log-view.ts";
import type { SequenceStore } from "./sequence-store.ts";

export interface SequencerSource extends LogSource {
  readonly store: SequenceStore;
  readonly signer: Signer;
}

/** How many entries one checkpoint adds at most. */
export const batchLimit = 256;

const racesLimit = 100;

/**
 * Publishes what was assigned, step by step, until the log has `size` entries or more: tiles first, then the
 * signature, then the checkpoint. Whoever else publishes meanwhile, every published checkpoint extends the one before.
 *
 * @throws CustodyError `log/contended` when others keep winning, `log/corrupt`, and what the ports throw.
 */
export async function publishUpTo(
  source: SequencerSource,
  start: LogView | undefined,
  size: number,
): Promise<LogView> {
  let view = await currentView(source, start);
  for (let races = 0; !view || view.checkpoint.size < size; races++) {
    if (races === racesLimit) throw logFault("log/contended", "other processes kept publishing first");
    const published: LogView | undefined = await publishNext(source, view);
    view = published ?? (await currentView(source, view));
  }
  return view;
}

/** The log at its last published checkpoint: the given view if it still is that. */
export async function currentView(
  source: LogSource,
  known: LogView | undefined,
): Promise<LogView | undefined> {
  const note = await source.store.findCheckpoint();
  if (note === undefined || note === known?.checkpoint.note) return known;
  const view = await loadView(source, note);
  if (known) await checkExtends(source, known, view);
  return view;
}

// The store is ours, but a log that forgot its own past must not sign a new one.
async function checkExtends(source: LogSource, known: LogView, view: LogView): Promise<void> {
  const [older, newer] = [known.checkpoint, view.checkpoint];
  if (newer.size < older.size) throw logFault("log/rolled-back", "the published checkpoint went back");
  if (newer.size === older.size) return checkSameRoot(older, newer);
  if (older.size === 0) return undefined;
  return verifyConsistency(source.crypto, older, newer, await view.reader.proveConsistency(older.size));
}

function checkSameRoot(older: VerifiedCheckpoint, newer: VerifiedCheckpoint): void {
  if (equalBytes(older.rootHash, newer.rootHash)) return;
  throw logFault("log/forked", `two checkpoints of ${older.size} entries differ`, {
    details: { checkpoints: [older.note, newer.note] },
  });
}

/** One step; undefined when another process was faster. */
async function publishNext(source: SequencerSource, view: LogView | undefined): Promise<LogView | undefined> {
  const from = view?.checkpoint.size ?? 0;
  const entries = view ? await source.store.readEntries(from, batchLimit) : [];
  if (view && entries.length === 0) {
    throw logFault("log/corrupt", `the entries from ${from} on were assigned, but are not there`);
  }
  const grown = growTree(source.crypto, view?.tree ?? { frontier: emptyFrontier, tail: [] }, entries);
  await Promise.all(grown.files.map(({ path, content }) => source.tiles.write(path, content)));
  await checkGrown(source, view, grown);
  const checkpoint = await signCheckpoint(source, grown);
  const isPublished = await source.store.publish(checkpoint.note, view?.checkpoint.note);
  return isPublished ? viewOf(source, checkpoint, grown) : undefined;
}

// Before signing: that the new tree, as it was written, extends the published one.
async function checkGrown(
  source: SequencerSource,
  view: LogView | undefined,
  grown: GrownTree,
): Promise<void> {
  if (!view || view.checkpoint.size === 0) return;
  const reader = new TileReader(source.crypto, grown.frontier, tileFiles(source.tiles));
  const proof = await reader.proveConsistency(view.checkpoint.size);
  const head = { size: grown.frontier.size, rootHash: rootHashOf(source.crypto, grown.frontier) };
  verifyConsistency(source.crypto, view.checkpoint, head, proof);
}

async function signCheckpoint(source: SequencerSource, grown: GrownTree): Promise<VerifiedCheckpoint> {
  const { crypto, origin, logKey, signer } = source;
  const { rootHash, frontier } = grown;
  const text = formatCheckpoint({ origin, size: frontier.size, rootHash, extensions: [] });
  const note = await signNote(crypto, origin, signer, text);
  const signed = await verifyCheckpoint(crypto, note, { origin, logKey });
  if (signed.size !== frontier.size || !equalBytes(signed.rootHash, rootHash)) {
    throw logFault("log/corrupt", "what was signed is not what was to be signed");
  }
  return signed;
}
