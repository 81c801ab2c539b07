import { compileModules, compileQuery } from "../compile/stages.ts";
import type { Compiled } from "../compile/stages.ts";
import { formatModule } from "../format/index.ts";
import { parseModule, parseQuery, RegoDiagnostics } from "../syntax/index.ts";
import { hasNested } from "./negation.ts";
import type { SupportPackage, SupportRule } from "./support.ts";
import { known, termExpr } from "./terms.ts";
import type { Body, Expr } from "./terms.ts";
import { RegoText } from "./text.ts";

/** What is left of a query, as Rego. */
export interface Residual {
  /** The query holds in each way in which one of these does. None: it never does; an empty one: it always does. */
  readonly queries: readonly string[];
  /** Modules that the queries refer to, besides those of the policy. */
  readonly support: readonly string[];
}

/** What is written, and over what. */
export interface Left {
  readonly compiled: Compiled;
  readonly solutions: readonly Body[];
  readonly packages: readonly SupportPackage[];
  /** Counts the work of checking what is left. */
  readonly spend: (steps: number) => void;
}

/** What checking one expression costs, in steps of an evaluation. */
const checkSteps = 100;

/**
 * Writes what is left, without what the type checker knows never to hold now.
 *
 * @throws what `spend` throws.
 */
export function writeResidual({ compiled, solutions, packages, spend }: Left): Residual {
  const text = new RegoText(compiled.builtins);
  const drafts = packages.map(({ path, rules }): Draft => ({
    header: text.package(path.slice(1)),
    rules: distinct(rules, text),
  }));
  const { settled, whole } = withoutContradictions(compiled, drafts, { text, spend });
  const queries = solutions.flatMap((body) => {
    spend(checkSteps * (body.length + 1));
    return settledQuery(whole, body, text) ?? [];
  });
  const support = settled.map(({ header, rules }) =>
    formatModule({ file: "", text: [header, ...rules.map((rule) => text.rule(rule))].join("\n\n") }),
  );
  return { queries, support };
}

interface Draft {
  /** The line that names the package. */
  readonly header: string;
  readonly rules: readonly SupportRule[];
}

/** Rules that differ, those of one name after each other, defaults first. */
function distinct(rules: readonly SupportRule[], text: RegoText): readonly SupportRule[] {
  const key = (rule: SupportRule): string =>
    [rule.name, rule.isDefault ? 0 : 1, text.body(rule.body), text.rule(rule)].join("\0");
  const byKey = new Map(rules.map((rule) => [key(rule), rule]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}

/**
 * The rules, and the policy with them. One whose types contradict each other stays, and never holds; that may make
 * others so.
 */
function withoutContradictions(
  compiled: Compiled,
  drafts: readonly Draft[],
  { text, spend }: { readonly text: RegoText } & Pick<Left, "spend">,
): { readonly settled: readonly Draft[]; readonly whole: Compiled } {
  const { builtins, prints, modules } = compiled;
  let settled = drafts;
  for (;;) {
    for (const { rules } of settled) for (const { body } of rules) spend(checkSteps * (body.length + 1));
    const written = settled.map((draft) => lay(draft, text));
    const parsed = written.map(({ source }, i) =>
      parseModule({ file: ownFile(i), text: source }, { version: "v1" }),
    );
    try {
      return { settled, whole: compileModules([...modules, ...parsed], { builtins, prints }) };
    } catch (error) {
      const wrong = contradictions(error);
      const before = settled.flatMap(({ rules }) => rules);
      settled = settled.map((draft, i) =>
        corrected(draft, written[i]?.starts ?? [], wrong.get(ownFile(i)) ?? []),
      );
      if (settled.flatMap(({ rules }) => rules).every((rule, i) => rule === before[i])) throw error;
    }
  }
}

/** The text of a package, and the rows that its rules begin in. */
function lay(
  { header, rules }: Draft,
  text: RegoText,
): { readonly source: string; readonly starts: readonly number[] } {
  const lines = [header];
  const starts = rules.map((rule) => {
    const start = lines.length + 1;
    lines.push(...text.rule(rule).split("\n"));
    return start;
  });
  return { source: lines.join("\n"), starts };
}

function corrected(draft: Draft, starts: readonly number[], wrongRows: readonly number[]): Draft {
  const rules = draft.rules.map((rule, i) => {
    const [start = 0, end = Infinity] = [starts[i], starts[i + 1]];
    const own = wrongRows.filter((row) => row >= start && row < end);
    return withoutLines(rule, own, rule.body.length > 1 ? start + 1 : start);
  });
  return { ...draft, rules };
}

/** No module that was read from anywhere is called so. */
function ownFile(index: number): string {
  return `\0${index}`;
}

const never: Body = [termExpr(known(false), { query: 0, index: 0 })];

/** The rows that type errors are in, by file. */
function contradictions(error: unknown): ReadonlyMap<string, readonly number[]> {
  const found = error instanceof RegoDiagnostics ? error.diagnostics : [];
  const places = found.flatMap(({ code, at }) => (code === "rego_type_error" && at ? [at] : []));
  const byFile = Map.groupBy(places, ({ file }) => file);
  return new Map([...byFile].map(([file, own]) => [file, own.map(({ row }) => row)]));
}

/**
 * The rule without expressions that always hold, as they negate what cannot be; never holding for any other.
 *
 * @param first the row of its first expression.
 */
function withoutLines(rule: SupportRule, rows: readonly number[], first: number): SupportRule {
  if (rows.length === 0 || rule.body === never) return rule;
  const body = withoutRows(rule.body, rows, first);
  if (body) return { ...rule, body };
  const path = rule.path.map((part) => (part.kind === "known" ? part : known("")));
  return { ...rule, path, yields: known(true), body: never };
}

/** @param first the row of the first expression. */
function withoutRows(body: Body, rows: readonly number[], first: number): Body | undefined {
  const isWrong = (i: number): boolean => rows.includes(i + first);
  const isAlways = (expr: Expr): boolean => expr.negated && !hasNested(expr);
  if (!body.every((expr, i) => !isWrong(i) || isAlways(expr))) return undefined;
  return body.filter((_, i) => !isWrong(i));
}

/** The query without what always holds; undefined where it never does. */
function settledQuery(whole: Compiled, body: Body, text: RegoText): string | undefined {
  const query = text.body(body);
  if (query === "" || query === "true") return "";
  try {
    compileQuery(whole, { text: query, body: parseQuery(query, { version: "v1" }) });
    return query;
  } catch (error) {
    const rows = [...contradictions(error).values()].flat();
    if (rows.length === 0) throw error;
    const left = withoutRows(body, rows, 1);
    return left && left.length < body.length ? settledQuery(whole, left, text) : undefined;
  }
}
