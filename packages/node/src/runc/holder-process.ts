import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

import { runtimeFault } from "custody/runtime";

import type { HolderReply, HolderRequest } from "./holder-protocol.ts";

export interface HolderOptions {
  /** The holder's working directory: sockets of its forwards lie there. */
  readonly directory: string;
  readonly ownNetwork: boolean;
}

const holderPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
// The same file beside this one, as source or as built.
const program = import.meta.filename.replace(/holder-process(\.[jt]s)$/, "holder$1");
const replyTimeoutMilliseconds = 30_000;

/** A holder (see holder.ts) as its server sees it. */
export class HolderProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #replies: AsyncIterator<string>;
  readonly #errors: string[] = [];
  /** Resolves when the holder, and so every process of its sandbox, is gone. */
  readonly gone: Promise<void>;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on("data", (chunk: Buffer) => this.#keepError(chunk.toString("utf8")));
    child.stdin.on("error", () => undefined);
    this.gone = new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", (error) => {
        this.#keepError(error.message);
        resolve();
      });
    });
  }

  /**
   * Starts a holder that ends with this process: `setpriv` has the kernel kill `unshare` with its parent, and
   * `unshare` has it kill the first process of the new process namespace, which takes all others with it.
   */
  static start(options: HolderOptions): HolderProcess {
    const namespaces = ["--mount", "--propagation", "private", ...(options.ownNetwork ? ["--net"] : [])];
    const processes = ["--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
    const argv = [
      "--pdeathsig",
      "SIGKILL",
      "unshare",
      ...namespaces,
      ...processes,
      process.execPath,
      program,
    ];
    const child = spawn("setpriv", argv, {
      cwd: options.directory,
      env: { PATH: holderPath },
      stdio: "pipe",
    });
    return new HolderProcess(child);
  }

  /** @throws CustodyError `runtime/start-failed` when the holder cannot do it, or is gone. */
  async ask(request: HolderRequest): Promise<void> {
    this.tell(request);
    const reply = await this.nextReply(replyTimeoutMilliseconds);
    if (reply?.kind !== "ready")
      throw this.#fault(reply?.kind === "failed" ? reply.message : "it ended early");
  }

  tell(request: HolderRequest): void {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
  }

  /** The next reply; undefined when the holder is gone, or when it took longer than that. */
  async nextReply(timeoutMilliseconds?: number): Promise<HolderReply | undefined> {
    const timer =
      timeoutMilliseconds === undefined ? undefined : setTimeout(() => this.kill(), timeoutMilliseconds);
    try {
      const next = await this.#replies.next();
      return next.done === true ? undefined : (JSON.parse(next.value) as HolderReply);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The pid, as the host counts, of the first process of the holder's namespaces; its root is the stage's. */
  async findFirstPid(): Promise<number> {
    const { pid } = this.#child;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    const first = Number.parseInt(children, 10);
    if (Number.isNaN(first)) throw this.#fault("its first process is not there");
    return first;
  }

  /** Ends every process of the sandbox. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #keepError(text: string): void {
    if (this.#errors.length < 20) this.#errors.push(text);
  }

  #fault(message: string): Error {
    const said = this.#errors.join("").trim().slice(0, 600);
    return runtimeFault(
      "runtime/start-failed",
      `the sandbox could not be prepared: ${message} ${said}`.trim(),
    );
  }
}
