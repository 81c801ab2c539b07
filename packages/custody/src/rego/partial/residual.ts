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

/** Writes what is left, without what the type checker knows never to hold now. */
export function writeResidual(
  compiled: Compiled,
  solutions: readonly Body[],
  packages: readonly SupportPackage[],
): Residual {
  const text = new RegoText(compiled.builtins);
  const placed = packages.flatMap(({ path, rules }) =>
    distinct(rules, text).map((rule) => ({ header: text.package(path.slice(1)), rule })),
  );
  const { rules, whole } = withoutContradictions(compiled, placed, text);
  return {
    queries: solutions.flatMap((body) => settledQuery(whole, body, text) ?? []),
    support: [...Map.groupBy(rules, ({ header }) => header)].map(([header, own]) =>
      formatModule({ file: "", text: [header, ...own.map(({ rule }) => text.rule(rule))].join("\n\n") }),
    ),
  };
}

interface Placed {
  /** The line that names its package. */
  readonly header: string;
  readonly rule: SupportRule;
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
  placed: readonly Placed[],
  text: RegoText,
): { readonly rules: readonly Placed[]; readonly whole: Compiled } {
  const { builtins, prints, modules } = compiled;
  let rules = placed;
  for (;;) {
    const made = rules.map(({ header, rule }, i) => ({
      file: ownFile(i),
      text: `${header}\n${text.rule(rule)}`,
    }));
    const parsed = made.map((source) => parseModule(source, { version: "v1" }));
    try {
      return { rules, whole: compileModules([...modules, ...parsed], { builtins, prints }) };
    } catch (error) {
      const wrong = contradictions(error);
      if (!rules.some(({ rule }, i) => wrong.has(ownFile(i)) && rule.body !== never)) throw error;
      rules = rules.map((one, i) => ({ ...one, rule: withoutLines(one.rule, wrong.get(ownFile(i)) ?? []) }));
    }
  }
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

/** The rule without expressions that always hold, as they negate what cannot be; never holding for any other. */
function withoutLines(rule: SupportRule, rows: readonly number[]): SupportRule {
  if (rows.length === 0) return rule;
  const first = rule.body.length > 1 ? 3 : 2;
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
