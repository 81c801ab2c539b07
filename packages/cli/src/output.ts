import { CustodyError } from "custody/ground";

/** How a command ends: yes, refused, could not decide or do (also: wrong use). */
export const exitCodes = { yes: 0, refused: 1, undecided: 2 } as const;

/** Where a command writes: results to standard output, everything about their making to standard error. */
export interface Output {
  /** The result: lines for people, or one JSON value with --json. */
  result(value: unknown, lines: readonly string[]): void;
  /** One of many results as they come: a line for people, or one line of JSON with --json. */
  event(value: unknown, line: string): void;
  /** One line of progress; silent with --json. */
  progress(line: string): void;
}

/** The output of a process; `json` chooses the form of results. */
export function openOutput(json: boolean): Output {
  return {
    result: (value, lines) => {
      const text = json ? JSON.stringify(value, null, 2) : lines.map(printable).join("\n");
      if (text !== "") process.stdout.write(`${text}\n`);
    },
    event: (value, line) => {
      process.stdout.write(`${json ? JSON.stringify(value) : printable(line)}\n`);
    },
    progress: (line) => {
      if (!json) process.stderr.write(`${printable(line)}\n`);
    },
  };
}

// What a step printed or a stranger wrote into a commit must not steer the reader's terminal.
function printable(line: string): string {
  // oxlint-disable-next-line no-control-regex
  return line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** Says what went wrong: the code, the thing, the next step. Answers with the exit code. */
export function reportError(error: unknown, json: boolean): number {
  const fault = faultOf(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: fault }, null, 2)}\n`);
  else
    process.stderr.write(
      linesOf(fault)
        .map((line) => `${printable(line)}\n`)
        .join(""),
    );
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  const { exitCode } = (error instanceof CustodyError && error.details) || {};
  if (typeof exitCode === "number") return exitCode;
  return isRefusal(error) ? exitCodes.refused : exitCodes.undecided;
}

// The server answers 403 where a gate said no; everything else is "could not decide or do".
function isRefusal(error: unknown): boolean {
  return error instanceof CustodyError && error.details?.["status"] === 403;
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly subject?: string | undefined;
  readonly next?: string | undefined;
}

function faultOf(error: unknown): Fault {
  if (error instanceof CustodyError) {
    const { code, message, subject, next } = error;
    return { code, message, subject, next };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "cli/bug", message, next: "this is a bug in Custody: please report it" };
}

function linesOf({ code, message, subject, next }: Fault): string[] {
  return [
    `custody: ${message} [${code}]`,
    ...(subject === undefined || message.includes(subject) ? [] : [`  about: ${subject}`]),
    ...(next === undefined ? [] : [`  next:  ${next}`]),
  ];
}

/** Columns padded to the widest cell of each; the last one is left as it is. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
