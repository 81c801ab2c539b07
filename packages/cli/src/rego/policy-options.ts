import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import { allBuiltins } from "custody/rego/builtins";
import { compile } from "custody/rego";
import { parseInput } from "custody/rego/bundle";
import type { Policy, RegoValue, RegoVersion, Source } from "custody/rego";

import { InputError } from "./input-error.ts";
import { inWordsOfFiles } from "./load-error.ts";
import type { Schemas } from "./schemas.ts";

/** How modules are read, for every command that reads any. */
export interface LanguageOptions {
  readonly v0Compatible?: boolean;
  readonly v1Compatible?: boolean;
  readonly strict?: boolean;
}

/** OPA's own: v1 unless v0 is asked for, which wins over v1. */
export function versionOf({ v0Compatible }: LanguageOptions): RegoVersion {
  return v0Compatible ? "v0" : "v1";
}

/** The policy of modules, its `print` calls kept. */
export function compileSources(
  sources: readonly Source[],
  options: LanguageOptions,
  schemas: Schemas = {},
): Policy {
  const { strict = false } = options;
  return compile(sources, {
    builtins: allBuiltins,
    version: versionOf(options),
    prints: true,
    schemas,
    strict,
  });
}

export interface InputOptions {
  readonly input?: string;
  readonly stdinInput?: boolean;
}

/**
 * The input document of a command; undefined without one.
 *
 * @throws InputError
 */
export async function readInput({ input, stdinInput }: InputOptions): Promise<RegoValue | undefined> {
  if (stdinInput !== true && input === undefined) return undefined;
  try {
    if (stdinInput || input === undefined) return parseInput("input", await text(process.stdin));
    return parseInput(input, await readFile(input, "utf8"));
  } catch (error) {
    throw new InputError(inWordsOfFiles(error));
  }
}
