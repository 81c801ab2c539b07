import type { Command } from "commander";

import type { CommonOptions } from "./commands/call.ts";
import { openOutput } from "./output.ts";
import type { Output } from "./output.ts";

type Run<Options> = (context: {
  readonly output: Output;
  readonly options: Options;
  readonly args: readonly string[];
}) => Promise<number>;

/** The options of every command that talks to a server. */
export function common(command: Command): Command {
  return command
    .option("--json", "print the result as one JSON value")
    .option("--dir <directory>", "the server's directory (default: $CUSTODY_DIR, or the place for this user)")
    .option("--server <url>", "a server elsewhere; the token comes from $CUSTODY_TOKEN");
}

/** What stands below a command's help. */
export function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

/** Runs a command: commander gives positional arguments, then options, then the command itself. */
export function run<Options>(action: Run<Options & CommonOptions>): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const options = given.at(-2) as Options & CommonOptions;
    const args = given
      .slice(0, -2)
      .flat()
      .filter((word): word is string => typeof word === "string");
    process.exitCode = await action({ output: openOutput(options.json === true), options, args });
  };
}
