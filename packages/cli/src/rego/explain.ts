import { Explainer } from "custody/rego/explain";
import type { Explanation } from "custody/rego/explain";
import { documentText, items, locationDocument, members, problemsText, value } from "custody/rego/results";
import type { Document } from "custody/rego/results";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained } from "./load-error.ts";
import { localHost } from "./host.ts";
import { loadBundles } from "./load-bundle.ts";
import { loadPaths, mergeLoaded } from "./load.ts";
import { compileSources, readInput } from "./policy-options.ts";
import type { InputOptions, LanguageOptions } from "./policy-options.ts";
import { loadSchemas } from "./schemas.ts";
import type { SchemaOptions } from "./schemas.ts";

export interface ExplainOptions extends LanguageOptions, InputOptions, SchemaOptions {
  readonly format: "pretty" | "json";
  readonly data: readonly string[];
  readonly bundle: readonly string[];
  readonly ignore: readonly string[];
}

/** `custody rego explain`: of every rule that a query came to, its value and the lines that decided it. */
export async function explain({ args, options, streams }: RegoCall<ExplainOptions>): Promise<number> {
  try {
    const input = await readInput(options);
    const parts = [await loadPaths(options.data, options), ...(await loadBundles(options.bundle, options))];
    const { sources, data } = mergeLoaded(parts);
    const policy = compileSources(sources, options, await loadSchemas(options));
    const explainer = new Explainer(policy);
    const prepared = policy.prepare(args[0] ?? "", { followed: true });
    const world = { input, data, host: localHost() };
    prepared.evaluate(input, { ...world, follow: explainer.visit });
    const lines = (): string =>
      explainer
        .lines(world)
        .map((line) => `${line}\n`)
        .join("");
    const document = (): Document => items(explainer.explanations(world).map(explanationDocument));
    streams.out(options.format === "json" ? `${documentText(document())}\n` : lines());
    return endings.done;
  } catch (error) {
    streams.err(problemsText(explained(error).problems));
    return endings.error;
  }
}

function explanationDocument({ path, value: found, decisions }: Explanation): Document {
  return members({
    path: ["data", ...path].join("."),
    value: found === undefined ? undefined : value(found),
    decisions: items(
      decisions.map(({ at, held, stoppedAt }) =>
        members({ rule: locationDocument(at), held, stopped_at: stoppedAt && locationDocument(stoppedAt) }),
      ),
    ),
  });
}
