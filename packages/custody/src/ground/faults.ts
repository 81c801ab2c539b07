/** What a fault carries besides its code: what it is about, and what the reader can do next. */
export interface FaultOptions {
  /** The named thing the fault is about: a digest, a path, an identity. */
  readonly subject?: string;
  /** One sentence: the next step that would mend it. */
  readonly next?: string;
  readonly cause?: unknown;
  /** Machine-readable evidence, kept with the fault (an inconsistency carries its proof). */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * A failure with a code of the form `room/word`, from the closed union of the room that throws it.
 *
 * A fault means "could not decide or do"; a refusal is a value (see {@link Verdict}), never a throw.
 */
export class CustodyError<Code extends string = string> extends Error {
  override readonly name = "CustodyError";
  readonly code: Code;
  readonly subject: string | undefined;
  readonly next: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: Code, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.subject = options.subject;
    this.next = options.next;
    this.details = options.details;
  }
}

/** The code of a fault, or undefined for anything else that was thrown. */
export function findFaultCode(error: unknown): string | undefined {
  return error instanceof CustodyError ? error.code : undefined;
}
