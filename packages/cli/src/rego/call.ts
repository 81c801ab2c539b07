/** What a `custody rego` command is called with. */
export interface RegoCall<Options> {
  readonly options: Options;
  readonly args: readonly string[];
  readonly streams: Streams;
}

/** Where a command writes; the bytes are the tool's own and OPA's, so nothing is added. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export const processStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** How a command ends, as OPA's do. */
export const endings = { done: 0, failed: 1, error: 2 } as const;
