/** One vector of a suite, judged. */
export interface VectorOutcome {
  readonly name: string;
  /** Undefined when it passed. */
  readonly failure: string | undefined;
  readonly skipped?: string;
}

/** The outcome of a check that throws or rejects when the vector is not judged as it must be. */
export async function judgeVector(name: string, check: () => unknown): Promise<VectorOutcome> {
  try {
    await check();
    return { name, failure: undefined };
  } catch (error) {
    return { name, failure: error instanceof Error ? error.message.slice(0, 500) : String(error) };
  }
}
