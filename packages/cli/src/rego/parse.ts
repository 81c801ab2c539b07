import { readFile } from "node:fs/promises";

import { moduleText, parseModules } from "custody/rego";
import type { Module } from "custody/rego";
import { documentText, members, moduleDocument, moduleTree, problemsDocument } from "custody/rego/results";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained, LoadError } from "./load-error.ts";
import { versionOf } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";

export interface ParseOptions extends LanguageOptions {
  readonly format: "pretty" | "json";
  readonly comments: boolean;
}

/** `custody rego parse`: the syntax tree of one module, or what is wrong with it as JSON on standard error and 1. */
export async function parse({ args, options, streams }: RegoCall<ParseOptions>): Promise<number> {
  const [file = ""] = args;
  try {
    const module = await readModule(file, options);
    const shown = options.comments ? module : { ...module, comments: [] };
    streams.out(options.format === "json" ? `${documentText(moduleDocument(shown))}\n` : moduleTree(shown));
    return endings.done;
  } catch (error) {
    const { problems } = explained(error);
    streams.err(`${documentText(members({ errors: problemsDocument(problems) }))}\n`);
    return endings.failed;
  }
}

async function readModule(file: string, options: LanguageOptions): Promise<Module> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new LoadError([error]);
  });
  const text = moduleText(bytes);
  const [module] = parseModules([{ file, text }], { version: versionOf(options) });
  if (!module) throw new LoadError([new Error(`${file} holds no module`)]);
  return module;
}
