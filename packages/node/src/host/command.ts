import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

import { hostFault } from "./faults.ts";

export interface CommandOptions {
  /** The whole environment of the command: nothing is inherited. `PATH` is set unless given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly timeoutSeconds?: number;
  /** Ends the command, as if a signal from elsewhere had. */
  readonly signal?: AbortSignal;
  /** What is kept of each output stream; the rest is read and dropped. */
  readonly maxOutputBytes?: number;
  readonly input?: string | Uint8Array;
  /** Told of every line on standard error, as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const defaultTimeoutSeconds = 60;
const defaultMaxOutputBytes = 1024 * 1024;

/**
 * Runs a command of the host to its end, without a shell, with a deadline and bounded output.
 *
 * @throws CustodyError `host/command-missing` when there is no such command, `host/command-timeout` when it was
 *   killed at the deadline. A command that fails is a result, not a fault.
 */
export async function runCommand(
  argv: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [command, ...args] = argv;
  const child = spawn(command, args, {
    env: { PATH: systemPath, LC_ALL: "C.UTF-8", ...options.env },
    cwd: options.workingDirectory,
    stdio: "pipe",
    detached: true,
  });
  const output = collectOutput(child, options);
  const end = (): void => killGroup(child);
  options.signal?.addEventListener("abort", end, { once: true });
  const deadline = startDeadline(child, options.timeoutSeconds ?? defaultTimeoutSeconds);
  try {
    child.stdin.on("error", () => undefined).end(options.input);
    const [exitCode] = (await once(child, "close")) as [number | null];
    if (deadline.passed()) throw timeoutFault(command, output().stderr);
    return { exitCode: exitCode ?? 128, ...output() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw hostFault("host/command-missing", `there is no command "${command}"`, {
      subject: command,
      cause: error,
    });
  } finally {
    deadline.cancel();
    options.signal?.removeEventListener("abort", end);
  }
}

/**
 * The standard output of a command that has to succeed.
 *
 * @throws CustodyError `host/command-failed` with the last lines of its standard error, or what {@link runCommand} throws.
 */
export async function runCommandOrThrow(
  argv: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(argv, options);
  if (result.exitCode !== 0) {
    throw hostFault(
      "host/command-failed",
      `${argv[0]} ended with ${result.exitCode}: ${lastLines(result.stderr)}`,
      {
        subject: argv[0],
        details: { argv, exitCode: result.exitCode },
      },
    );
  }
  return result.stdout;
}

function collectOutput(
  child: ChildProcess,
  options: CommandOptions,
): () => { stdout: string; stderr: string } {
  const limit = options.maxOutputBytes ?? defaultMaxOutputBytes;
  const stdout = new Kept(limit);
  const stderr = new Kept(limit, options.onLine);
  child.stdout?.on("data", (chunk: Buffer) => stdout.add(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.add(chunk));
  return () => ({ stdout: stdout.text(), stderr: stderr.text() });
}

/** The first bytes of a stream, up to a limit, and its lines told as they come. */
class Kept {
  readonly #limit: number;
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #line = "";

  constructor(limit: number, onLine?: (line: string) => void) {
    this.#limit = limit;
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    const room = chunk.subarray(0, Math.max(this.#limit - this.#bytes, 0));
    this.#chunks.push(room);
    this.#bytes += room.length;
    if (this.#onLine && room.length > 0) this.#tell(room.toString("utf8"), this.#onLine);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }

  #tell(text: string, onLine: (line: string) => void): void {
    const lines = (this.#line + text).split("\n");
    this.#line = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
}

function startDeadline(child: ChildProcess, seconds: number): { passed: () => boolean; cancel: () => void } {
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    killGroup(child);
  }, seconds * 1000);
  return { passed: () => passed, cancel: () => clearTimeout(timer) };
}

// The command leads its own process group (detached), so that its children end with it.
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function timeoutFault(command: string, stderr: string): Error {
  return hostFault("host/command-timeout", `${command} did not end in time: ${lastLines(stderr)}`, {
    subject: command,
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-3).join(" | ").slice(-600);
}
