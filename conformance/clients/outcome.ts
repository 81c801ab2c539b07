/** One thing that a stock client did, or was to be kept from doing. */
export interface ClientOutcome {
  readonly client: string;
  readonly what: string;
  /** Undefined when it came out as it should. */
  readonly failure: string | undefined;
  /** Why it was not tried. */
  readonly skipped: string | undefined;
}

/** Something to try; what it throws is its failure. */
export type ClientCase = readonly [what: string, run: () => Promise<void>];

/** Tries one after another: later ones build on what earlier ones made. */
export async function tryAll(client: string, cases: readonly ClientCase[]): Promise<ClientOutcome[]> {
  const outcomes: ClientOutcome[] = [];
  for (const [what, run] of cases) {
    const failure = await run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    outcomes.push({ client, what, failure, skipped: undefined });
  }
  return outcomes;
}

export function skipAll(client: string, skipped: string): ClientOutcome[] {
  return [{ client, what: "all", failure: undefined, skipped }];
}

/** Demands that it fails, and for that reason. */
export async function refused(run: () => Promise<unknown>, reason: RegExp): Promise<void> {
  const message = await run().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (message === undefined) throw new Error("it was accepted");
  if (!reason.test(message)) throw new Error(`it was refused for another reason: ${message.slice(0, 500)}`);
}
