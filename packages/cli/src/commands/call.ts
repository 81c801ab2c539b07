import { CustodyError } from "custody/ground";

import type { Output } from "../output.ts";

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly dir?: string;
  readonly server?: string;
}

/** What a command is called with. */
export interface Call<Options = object> {
  readonly output: Output;
  readonly options: Options & CommonOptions;
  readonly args: readonly string[];
}

/** The positional argument of that place, which commander has made sure of. */
export function getArgument({ args }: Call, place: number): string {
  const word = args[place];
  if (word === undefined)
    throw new CustodyError("cli/usage", "an argument is missing", { next: "see --help" });
  return word;
}
