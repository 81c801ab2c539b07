import { CustodyError } from "custody/ground";
import type { CosignRequest } from "custody/log";
import { parseNote } from "custody/note";
import type { NoteSignature } from "custody/note";
import { formatAddCheckpoint } from "custody/witness";

/** Why a witness did not cosign; `isFinal` where asking again would not help. */
export class WitnessFailure extends Error {
  readonly isFinal: boolean;

  constructor(message: string, isFinal: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.isFinal = isFinal;
  }
}

const replyLimitBytes = 256 * 1024;
/** Other processes of the same log may be ahead of each other a few times, not for ever. */
const conflictLimit = 4;
/** The statuses by which a witness says that it will not cosign this checkpoint (C2SP tlog-witness). */
const refusals: ReadonlySet<number> = new Set([400, 403, 404, 422]);
const conflictType = "text/x.tlog.size";
const sizeLine = /^(0|[1-9]\d{0,15})\n$/;

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** One witness, by the prefix of its `add-checkpoint` (C2SP tlog-witness). It remembers which size the witness knows. */
export class WitnessClient {
  readonly url: string;
  #knownSize = 0;

  constructor(url: string) {
    this.url = url;
  }

  /**
   * The signature lines that the witness answers with; nothing in them is verified. Where it knows another size than
   * was thought, it is asked again from there.
   *
   * @throws WitnessFailure
   */
  async cosign(request: CosignRequest, signal: AbortSignal): Promise<readonly NoteSignature[]> {
    const { note, size } = request.checkpoint;
    for (let tries = 0; tries < conflictLimit; tries++) {
      const oldSize = Math.min(this.#knownSize, size);
      const hashes = oldSize === 0 || oldSize === size ? [] : await request.prove(oldSize);
      const reply = await this.#post(formatAddCheckpoint({ oldSize, hashes, checkpoint: note }), signal);
      if (reply.status !== 409) {
        const lines = readLines(reply, note);
        this.#knownSize = size;
        return lines;
      }
      this.#knownSize = readSize(reply, size);
    }
    throw new WitnessFailure("it keeps changing the size that it knows", false);
  }

  async #post(body: string, signal: AbortSignal): Promise<Reply> {
    try {
      const response = await fetch(`${this.url.replace(/\/+$/, "")}/add-checkpoint`, {
        method: "POST",
        body,
        signal,
        redirect: "error",
        headers: { "content-type": "text/plain; charset=utf-8" },
      });
      const type = response.headers.get("content-type") ?? "";
      return { status: response.status, type, body: await readBounded(response) };
    } catch (cause) {
      throw new WitnessFailure(`it cannot be reached: ${describe(cause)}`, false, cause);
    }
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > replyLimitBytes) throw new TypeError("its answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

// The lines stand behind the checkpoint as the rest of its note would (C2SP tlog-witness): whatever is no line shows.
function readLines({ status, body }: Reply, note: string): readonly NoteSignature[] {
  const said = body.trim().slice(0, 200);
  if (status !== 200) throw new WitnessFailure(`it answered ${status}: ${said}`, refusals.has(status));
  try {
    const { text, signatures } = parseNote(`${note}${body}`);
    const asked = parseNote(note);
    const lines = signatures.slice(asked.signatures.length);
    if (text === asked.text && lines.length > 0) return lines;
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
  }
  throw new WitnessFailure("its answer is no signature line", true);
}

function readSize({ type, body }: Reply, asked: number): number {
  const size = Number(sizeLine.exec(body)?.[1]);
  if (type !== conflictType || !Number.isSafeInteger(size)) {
    throw new WitnessFailure("it answered 409 without its size", true);
  }
  if (size > asked)
    throw new WitnessFailure(`it has cosigned ${size} entries, and this checkpoint has ${asked}`, true);
  return size;
}
