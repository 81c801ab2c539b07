import { lstat, readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { text as readText } from "node:stream/consumers";

import { moduleText, parseModules } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";
import { formatModule } from "custody/rego/format";
import type { FormatOptions } from "custody/rego/format";
import { problemsOf, problemsText } from "custody/rego/results";

import { endings } from "./call.ts";
import type { RegoCall, Streams } from "./call.ts";
import { lineDifference } from "./line-difference.ts";
import { inWordsOfFiles } from "./load-error.ts";
import { versionOf } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";

export interface FmtOptions extends LanguageOptions {
  readonly write?: boolean;
  readonly list?: boolean;
  readonly diff?: boolean;
  readonly fail?: boolean;
  readonly v0V1?: boolean;
  readonly dropV0Imports?: boolean;
  readonly checkResult: "true" | "false" | true;
}

/** A file that cannot be laid out, or that should be already. */
class FmtError extends Error {}

/**
 * `custody rego fmt`: modules laid out on standard output; 2 at the first that cannot be, or that would change with
 * `--fail`; 1 when a file cannot be read, or standard input is no module.
 */
export async function fmt({ args, options, streams }: RegoCall<FmtOptions>): Promise<number> {
  if (args.length === 0) return fmtInput(options, streams);
  try {
    for (const path of args) {
      for await (const file of filesIn(path)) await fmtFile(file, options, streams);
    }
    return endings.done;
  } catch (error) {
    streams.err(error instanceof FmtError ? `${error.message}\n` : errorText(inWordsOfFiles(error)));
    return error instanceof FmtError ? endings.error : endings.failed;
  }
}

async function fmtInput(options: FmtOptions, streams: Streams): Promise<number> {
  try {
    streams.out(formatModule({ file: "stdin", text: await readText(process.stdin) }, formatOptions(options)));
    return endings.done;
  } catch (error) {
    streams.err(errorText(error));
    return endings.failed;
  }
}

/** Modules by their names, in the order of names; links to directories are not followed. */
async function* filesIn(path: string): AsyncGenerator<string> {
  const info = await lstat(path);
  if (!info.isDirectory()) {
    if (extname(path) === ".rego") yield path;
    return;
  }
  const names = (await readdir(path)).toSorted((a, b) => (a < b ? -1 : 1));
  for (const name of names) yield* filesIn(join(path, name));
}

async function fmtFile(file: string, options: FmtOptions, streams: Streams): Promise<void> {
  const before = moduleText(await readFile(file));
  const after = formatFile(file, before, options);
  const changes = before !== after;
  if (options.list) {
    if (changes) streams.out(`${file}\n`);
  } else if (options.diff) {
    if (changes) streams.out(`${lineDifference(before, after)}\n`);
  } else if (!(changes && options.fail)) await give(file, { after, changes }, { options, streams });
  if (changes && options.fail) throw new FmtError("unexpected diff");
}

async function give(
  file: string,
  { after, changes }: { readonly after: string; readonly changes: boolean },
  { options, streams }: Pick<RegoCall<FmtOptions>, "options" | "streams">,
): Promise<void> {
  if (!options.write) streams.out(after);
  else if (changes) await writeFile(file, after);
}

function formatFile(file: string, text: string, options: FmtOptions): string {
  const formatted = orRefuse("failed to format Rego source file: ", () =>
    formatModule({ file, text }, formatOptions(options)),
  );
  if (options.checkResult === "false") return formatted;
  const version = options.v0V1 ? "v0" : versionOf(options);
  orRefuse(`${file} was successfully formatted, but the result is invalid: `, () =>
    parseModules([{ file: "formatted", text: formatted }], { version }),
  );
  return formatted;
}

/** @throws FmtError with what was wrong, after a text. */
function orRefuse<Result>(text: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new FmtError(`${text}${errorText(error).trimEnd()}`, { cause: error });
  }
}

function errorText(error: unknown): string {
  const problems = problemsOf(error);
  const isOfModule = problems.some(({ code }) => code !== undefined);
  return isOfModule ? problemsText(problems) : `${problems.map(({ text }) => text).join("\n")}\n`;
}

function formatOptions({ v0V1, v0Compatible, v1Compatible, dropV0Imports }: FmtOptions): FormatOptions {
  const isV0 = v0Compatible === true || (v0V1 === true && v1Compatible !== true);
  const version = isV0 ? "v0" : "v1";
  return {
    version,
    target: v0V1 ? "v0v1" : version,
    dropV0Imports: dropV0Imports ?? false,
    builtins: allBuiltins,
  };
}
