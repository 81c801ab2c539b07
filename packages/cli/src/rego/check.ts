import { documentText, members, problemsDocument } from "custody/rego/results";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained } from "./load-error.ts";
import { loadBundles } from "./load-bundle.ts";
import { loadPaths, mergeLoaded } from "./load.ts";
import { compileSources } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";
import { loadSchemas } from "./schemas.ts";
import type { SchemaOptions } from "./schemas.ts";

export interface CheckOptions extends LanguageOptions, SchemaOptions {
  readonly format: "pretty" | "json";
  readonly bundle?: boolean;
  readonly ignore: readonly string[];
}

/** `custody rego check`: silent with 0, or every problem on standard error with 1. */
export async function check({ args, options, streams }: RegoCall<CheckOptions>): Promise<number> {
  try {
    const loaded = options.bundle
      ? mergeLoaded(await loadBundles(args, options))
      : await loadPaths(args, { ...options, onlyModules: true });
    compileSources(loaded.sources, options, await loadSchemas(options));
    return endings.done;
  } catch (error) {
    const { problems, text } = explained(error);
    if (options.format === "json") {
      streams.err(`${documentText(members({ errors: problemsDocument(problems) }))}\n`);
    } else streams.err(text);
    return endings.failed;
  }
}
