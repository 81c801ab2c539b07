import { formatTrustedRoot } from "custody/evidence";
import { webCrypto } from "custody/ground/web-crypto";
import { utf8 } from "custody/ground";
import type { Log } from "custody/log";
import { SearchedLog } from "custody/log-index/search.testing";
import { parseCheckpoint, parseNote, formatCheckpoint, signNote } from "custody/note";

import { answerLog } from "./answer-log.ts";
import type { LogReport, LogRequest } from "../messages.ts";

/** What stands between the log's tiles and the browser: gives another answer, or lets the log's through. */
export type Between = (path: string, answer: Response) => Response | Promise<Response>;

type OwnRequest = LogRequest extends infer One
  ? One extends LogRequest
    ? Omit<One, "trust" | "origin" | "checkpoint"> & { readonly checkpoint?: string }
    : never
  : never;

/** A real log in memory, and what the worker answers about it. */
export class ProvenLog {
  readonly searched: SearchedLog;
  readonly log: Log;
  /** The witness policy that the browser keeps beside the root. */
  witnesses: string | undefined;

  private constructor(searched: SearchedLog) {
    this.searched = searched;
    this.log = searched.log;
  }

  /** With as many entries as it is told, which say nothing. */
  static async open(size: number): Promise<ProvenLog> {
    const proven = new ProvenLog(await SearchedLog.open());
    await proven.grow(size);
    return proven;
  }

  async grow(count: number): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, (_, i) => this.log.append(utf8(`entry ${i} of ${count}`))),
    );
  }

  /** A checkpoint that the log's key signed of a tree that the log does not have. */
  async forge(
    change: (tree: { size: number; rootHash: Uint8Array<ArrayBuffer> }) => object,
  ): Promise<string> {
    const tree = parseCheckpoint(parseNote(await this.log.checkpoint()).text);
    const { origin } = this.searched.trusted;
    const text = formatCheckpoint({ ...tree, ...change(tree) });
    return signNote(webCrypto, origin, this.searched.trust.logSigner, text);
  }

  /** Asks as a view does, at the log's own checkpoint or another. */
  async ask(request: OwnRequest, between: Between = (_path, answer) => answer): Promise<LogReport> {
    const checkpoint = request.checkpoint ?? (await this.log.checkpoint());
    const root = JSON.stringify(formatTrustedRoot(this.searched.trust.authorities.trustedRoot));
    const whole = { ...request, checkpoint, origin: undefined, trust: { root, witnesses: this.witnesses } };
    const get = async (address: unknown): Promise<Response> => {
      const path = String(address).replace("/log/", "");
      const tile = await this.log.readTile(path);
      return between(path, tile ? new Response(Buffer.from(tile)) : new Response("", { status: 404 }));
    };
    return answerLog({ crypto: webCrypto, get }, whole);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.searched.commitments.close();
  }
}
