import type { EvaluateOptions, Policy, RegoValue } from "custody/rego";
import { CustodyError } from "custody/ground";
import { evaluatePartially, parseDocumentRef } from "custody/rego/partial";
import type { DocumentPath, Residual } from "custody/rego/partial";
import { documentText, members, residualDocument, residualSource, residualTable } from "custody/rego/results";

import { localHost } from "./host.ts";
import type { Timers } from "./timers.ts";

/** Flags of a partial evaluation, as `opa eval` has them. */
export interface PartialFlags {
  readonly partial?: boolean;
  readonly unknowns: readonly string[];
  readonly disableInlining: readonly string[];
  readonly shallowInlining?: boolean;
  /** Spelt as OPA spells it. */
  readonly nondeterminsticBuiltins?: boolean;
}

/** What of the command's options such an evaluation needs. */
export interface PartialSettings extends PartialFlags {
  readonly import: readonly string[];
  readonly package?: string;
  readonly strictBuiltinErrors?: boolean;
  readonly metrics?: boolean;
  readonly timeout?: number;
}

interface Loaded {
  readonly policy: Policy;
  readonly timers: Timers;
  readonly input: RegoValue | undefined;
  readonly data: RegoValue;
}

/** What is left of a query. */
export function partially(
  query: string,
  options: PartialSettings,
  { policy, timers, input, data }: Loaded,
): { readonly residual: Residual; readonly metrics?: Timers } {
  const unknowns = options.unknowns.length > 0 ? options.unknowns : ["input"];
  const settings = {
    data,
    host: localHost(),
    limits: limitsOf(options),
    strictBuiltinErrors: options.strictBuiltinErrors ?? false,
    unknowns: unknowns.map((text) => pathOf(text, "--unknowns")),
    disableInlining: options.disableInlining.map((text) => pathOf(text, "--disable-inlining")),
    shallowInlining: options.shallowInlining ?? false,
    nondeterministicBuiltins: options.nondeterminsticBuiltins ?? false,
    imports: options.import,
    ...(options.package && { package: options.package }),
  };
  const residual = timers.time("rego_partial_eval", () => evaluatePartially(policy, query, input, settings));
  return { residual, ...(options.metrics && { metrics: timers }) };
}

function pathOf(text: string, flag: string): DocumentPath {
  const path = parseDocumentRef(text);
  if (path) return path;
  throw new CustodyError("cli/usage", `${flag}: ${text} is no document`, {
    next: "name one as Rego refers to it, such as input.user or data.roles",
  });
}

/** The end of the time that the command may take. */
export function limitsOf({
  timeout,
}: Pick<PartialSettings, "timeout">): NonNullable<EvaluateOptions["limits"]> {
  if (timeout === undefined) return {};
  const deadline = Date.now() + timeout;
  return { isOver: () => Date.now() > deadline };
}

/** What is left has forms that results have not, and the other way round. */
export function checkFormat({
  partial = false,
  format,
}: Pick<PartialFlags, "partial"> & { readonly format: string }): void {
  const isFit = partial ? ["json", "pretty", "source"].includes(format) : format !== "source";
  if (isFit) return;
  throw new CustodyError(
    "cli/usage",
    `--format ${format} is not for ${partial ? "a partial" : "this"} evaluation`,
    {
      next: partial ? "use json, pretty or source" : "use it with --partial",
    },
  );
}

/** A residual in the form that was asked for. */
export function residualText(residual: Residual, metrics: Timers | undefined, format: string): string {
  if (format === "source") return residualSource(residual);
  if (format === "pretty") return residualTable(residual) + (metrics?.table() ?? "");
  const document = members({ ...metrics?.members(), partial: residualDocument(residual, "modules") });
  return `${documentText(document)}\n`;
}
