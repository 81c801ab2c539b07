import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";

import { processStreams } from "./call.ts";
import type { RegoCall } from "./call.ts";

/** A number of bytes. */
export function bytes(flags: string, description: string, standard: number): Option {
  return new Option(flags, description).argParser(parseCount).default(standard);
}

/** How modules are read. */
export function language(command: Command): Command {
  return command
    .option("--v0-compatible", "modules are in the language before OPA 1.0")
    .option("--v1-compatible", "modules are in the language of OPA 1.0 (as they are without it)");
}

/** What is declared and not used is an error. */
export function strict(): Option {
  return new Option("-S, --strict", "what is declared, taken or imported and not used is an error");
}

/** Files that are left out. */
export function ignored(): Option {
  return repeatable("--ignore <pattern>", "names of files and directories to leave out; repeatable");
}

/** What annotations call `schema.…`; a misspelt field is then an error. */
export function schema(): Option {
  return new Option("-s, --schema <path>", "a JSON Schema of the input, or a directory of schemas");
}

/** What is worked out where not all is known. */
export function partial(command: Command): Command {
  return command
    .option("-p, --partial", "work out what is known, and show what is left: json, pretty or source")
    .addOption(repeatable("-u, --unknowns <path>", "what is not known yet, instead of input; repeatable"))
    .addOption(repeatable("--disable-inlining <path>", "a document that is to be referred to; repeatable"))
    .option("--shallow-inlining", "refer to every rule that depends on what is unknown")
    .option("--nondeterminstic-builtins", "call builtins whose answers change from one time to the next");
}

/** An option that can be given again: all its values. */
export function repeatable(flags: string, description: string): Option {
  const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];
  return new Option(flags, description).argParser(collect).default([], "none");
}

/** The form of a result; the first is the standard. */
export function formats(first: string, ...others: readonly string[]): Option {
  return new Option("-f, --format <format>", "the form of the result")
    .choices([first, ...others])
    .default(first);
}

/** A time: `--timeout 2s`. */
export function duration(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseMilliseconds);
}

/** A whole number from 1 on. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError("It is a whole number from 1 on.");
  return count;
}

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `2s`, `1m` as milliseconds. */
export function parseMilliseconds(text: string): number {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = milliseconds[unit];
  if (factor === undefined) throw new InvalidArgumentError("It is like 500ms, 2s or 1m.");
  return Number(amount) * factor;
}

/** The end of a help text. */
export function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}

/** The action of a command: how it ends is the program's exit code. */
export function run<Options>(
  action: (call: RegoCall<Options>) => number | Promise<number>,
): (...given: unknown[]) => Promise<void> {
  // Commander gives positional arguments, then options, then the command itself.
  return async (...given) => {
    const options = given.at(-2) as Options;
    const args = given
      .slice(0, -2)
      .flat()
      .filter((word): word is string => typeof word === "string");
    process.exitCode = await action({ args, options, streams: processStreams });
  };
}
