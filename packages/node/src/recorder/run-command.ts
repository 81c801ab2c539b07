import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";

import { recorderFault } from "./faults.ts";
import { recordedValue } from "./withhold.ts";

/** What of an environment a command is given. */
export interface AllowedEnvironment {
  /** The command's environment. */
  readonly given: NodeJS.ProcessEnv;
  /** The same as it is written down; the values of what looks secret are not. */
  readonly recorded: Readonly<Record<string, string>>;
}

export interface CommandOutcome {
  /** As a shell has it: 128 and the signal's number for a command that a signal ended. */
  readonly exitCode: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** What programs need to run at all, and what is nobody's secret. */
const standard = [
  "PATH",
  "HOME",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "USER",
  "SHELL",
  "TERM",
  "CI",
  "SOURCE_DATE_EPOCH",
];

/**
 * The part of an environment that was allowed: what every program needs, and the named ones (`NAME`, or `NAME=VALUE` to set
 * another). A named variable that is not set is not given.
 */
export function allowEnvironment(
  environment: NodeJS.ProcessEnv,
  allowed: readonly string[],
): AllowedEnvironment {
  const given: NodeJS.ProcessEnv = {};
  for (const word of [...standard, ...allowed]) {
    const at = word.indexOf("=");
    const name = at < 0 ? word : word.slice(0, at);
    const value = at < 0 ? environment[name] : word.slice(at + 1);
    if (value !== undefined) given[name] = value;
  }
  const recorded = Object.entries(given).map(
    ([name, value = ""]) => [name, recordedValue(name, value)] as const,
  );
  return { given, recorded: Object.fromEntries(recorded) };
}

/**
 * Runs a command with the caller's terminal and no more of the environment than is given. Signals that end the caller go on to
 * the command and all that it has started, and its end is waited for.
 *
 * @throws CustodyError `recorder/command` when it cannot be started; `details.exitCode` is what a shell ends with then.
 */
export function runCommand(
  [program = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<CommandOutcome> {
  const startedAt = new Date();
  return new Promise((resolve, reject) => {
    // A group of its own gets the signals whole. At a terminal it may not: it could not read from it then, and gets them anyway.
    const detached = !process.stdin.isTTY;
    const child = spawn(program, args, { env, detached, stdio: ["inherit", "inherit", "inherit"] });
    const forward = (signal: NodeJS.Signals): void => sendTo(child, detached, signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, forward);
    const done = (): void => signals.forEach((signal) => process.off(signal, forward));
    child.once("error", (cause) => {
      done();
      reject(notStarted(program, cause));
    });
    child.once("exit", (code, signal) => {
      done();
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve({ exitCode, startedAt, finishedAt: new Date() });
    });
  });
}

function notStarted(program: string, cause: Error): Error {
  const isAbsent = (cause as NodeJS.ErrnoException).code === "ENOENT";
  return recorderFault("recorder/command", `${program} cannot be started: ${cause.message}`, {
    subject: program,
    next: "name a program that is on the PATH, after --; nothing was attested",
    details: { exitCode: isAbsent ? 127 : 126 },
    cause,
  });
}

function sendTo(child: ChildProcess, isGroup: boolean, signal: NodeJS.Signals): void {
  if (child.pid === undefined || !isGroup) return void child.kill(signal);
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
