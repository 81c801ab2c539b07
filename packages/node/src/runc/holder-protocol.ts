/** What the server tells a holder, one JSON line each, in this order: one {@link Prepare}, one {@link Run}. */
export type HolderRequest = Prepare | Run;

/** Makes the stage: a small file system that only the holder and what it runs can see. */
export interface Prepare {
  readonly kind: "prepare";
  /** An empty directory of every Debian host, covered in the holder's own mount namespace only. */
  readonly stage: string;
  readonly stageBytes: number;
  /** Relative to the stage, parents first. */
  readonly directories: readonly string[];
  /** Arguments of mount(8), in order. */
  readonly mounts: readonly (readonly string[])[];
  /** Copies of files or trees of the host, for drills: source, path on the stage, owner. */
  readonly copies: readonly { readonly from: string; readonly to: string; readonly owner: number }[];
  /** Content by path relative to the stage. */
  readonly files: Readonly<Record<string, string>>;
  /** Where the program's output goes, a FIFO on the stage, and who may open it again by `/dev/stdout`. */
  readonly output: { readonly path: string; readonly owner: number };
  /** Whether the holder has a network of its own, whose loopback has to be raised. */
  readonly raiseLoopback: boolean;
  readonly forwards: readonly Forward[];
}

/** A pipe between a TCP port of the holder's network and a socket in its working directory, one for each connection. */
export interface Forward {
  /** `out`: listens on 127.0.0.1:port, connects to the socket. `in`: listens on the socket, connects to 127.0.0.1:port. */
  readonly direction: "in" | "out";
  readonly port: number;
  readonly socket: string;
}

/** Runs a program that writes to the stage's FIFO, and reports when it has ended. */
export interface Run {
  readonly kind: "run";
  readonly command: string;
  readonly args: readonly string[];
}

export type HolderReply =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "exited"; readonly exitCode: number };
