import type { Builtin } from "../builtins/builtin.ts";
import { RuleTree, constantPrefix } from "../plan/rule-tree.ts";
import type { PlacedRule } from "../plan/rule-tree.ts";
import type { PlannedQuery } from "../plan/planner.ts";
import { RegoDiagnostics } from "../syntax/index.ts";
import type { Body, Diagnostic, Expr, Module, Rule } from "../syntax/index.ts";
import { TypeCheck } from "../check/check-types.ts";
import type { Schemas } from "../check/rule-schemas.ts";
import { DynamicTerms } from "./dynamics.ts";
import { withoutEmptyCalls } from "./empty-calls.ts";
import { Expander } from "./expand.ts";
import { moduleProblems, unusedImports } from "./module-rules.ts";
import { MetadataCalls } from "./metadata.ts";
import { Names, isGenerated } from "./names.ts";
import { erased, PrintCalls, withoutPrints } from "./prints.ts";
import { recursiveRules } from "./recursion.ts";
import { globalsOf, Resolver } from "./resolve.ts";
import type { Globals } from "./resolve.ts";
import { ruleConflicts } from "./rule-conflicts.ts";
import { SafetyCheck } from "./safety.ts";
import { undefinedFunctions, undefinedIn } from "./undefined-functions.ts";
import { addExprVars } from "./vars.ts";

export type Builtins = ReadonlyMap<string, Builtin>;

/** Modules whose rules are resolved, ordered and placed. */
export interface Compiled {
  readonly modules: readonly Module[];
  readonly tree: RuleTree;
  readonly names: Names;
  readonly builtins: Builtins;
  readonly prints: boolean;
  /** The types of all rules: queries are held against them. */
  readonly types: TypeCheck;
}

export interface CompileSettings {
  readonly builtins: Builtins;
  /** Calls of `print` are kept, and not erased. */
  readonly prints: boolean;
  /** Variables, arguments and imports that nothing uses are errors; v0 modules keep v1's rules about names. */
  readonly strict?: boolean;
  /** JSON Schemas that annotations name; `schema.input` is that of the input of every rule. */
  readonly schemas?: Schemas;
}

/**
 * Takes modules through the stages of OPA's compiler, in its order: names, calls out of terms, safety, references out
 * of terms.
 *
 * @throws RegoDiagnostics with all that one stage found.
 */
export function compileModules(modules: readonly Module[], settings: CompileSettings): Compiled {
  const { builtins, prints, strict = false } = settings;
  refuse(modules.flatMap((module) => moduleProblems(module, { builtins, strict })));
  const names = new Names();
  const isFunction = functionsOf(modules, builtins);
  const resolved = settlePrints(
    settleEmptyCalls(resolveAll(modules, names, { strict }), modules),
    names,
    settings,
  );
  const expander = new Expander(names, isFunction);
  const expanded = resolved.map((placed) => ({ ...placed, rule: expander.rule(placed.rule) }));
  const tree = new RuleTree();
  for (const placed of expanded) tree.add(placed);
  refuse(ruleConflicts(tree, modules));
  const arity = arityOf(tree, builtins);
  refuse(expanded.flatMap(({ rule }) => undefinedFunctions(rule, arity)));
  const safety = new SafetyCheck(arity, names);
  const safe = expanded.map((placed) => ({ ...placed, rule: safety.rule(placed.rule) }));
  refuse(safety.diagnostics);
  const dynamics = new DynamicTerms(names, "rules");
  const final = new RuleTree();
  for (const { package: path } of modules) final.makeNode(path);
  for (const placed of safe) final.add({ ...placed, rule: dynamics.rule(placed.rule) });
  refuse(recursiveRules(final));
  const types = new TypeCheck({
    tree: final,
    builtins,
    modules,
    schemas: settings.schemas ?? new Map(),
    original: (name) => names.original(name),
  });
  types.all();
  refuse(types.diagnostics);
  return { modules, tree: final, names, builtins, prints, types };
}

function settleEmptyCalls(placed: readonly PlacedRule[], modules: readonly Module[]): readonly PlacedRule[] {
  if (!modules.some(({ text }) => text.includes("()"))) return placed;
  const rules = new Set(
    placed
      .filter(({ rule: { head } }) => !head.args)
      .map(({ module, rule }) => ["data", ...module.package, ...constantPrefix(rule)].join(".")),
  );
  return placed.map((one) => ({ ...one, rule: withoutEmptyCalls(one.rule, rules) }));
}

/** Calls of `print` erased, or given their meaning. */
function settlePrints(
  placed: readonly PlacedRule[],
  names: Names,
  { builtins, prints }: CompileSettings,
): readonly PlacedRule[] {
  const printing = placed.filter(({ module }) => module.text.includes("print"));
  if (printing.length === 0) return placed;
  if (!prints) return placed.map((one) => ({ ...one, rule: withoutPrints(one.rule) }));
  const tree = new RuleTree();
  for (const one of placed) tree.add(one);
  const calls = new PrintCalls(names, new SafetyCheck(arityOf(tree, builtins), names));
  const settled = placed.map((one) => ({ ...one, rule: calls.rule(one.rule) }));
  refuse(calls.diagnostics);
  return settled;
}

function refuse(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) throw new RegoDiagnostics(diagnostics);
}

function resolveAll(
  modules: readonly Module[],
  names: Names,
  mode: { readonly strict: boolean },
): readonly PlacedRule[] {
  const metadata = new MetadataCalls(modules);
  const diagnostics: Diagnostic[] = [];
  const unused: Diagnostic[] = [];
  const placed = modules.flatMap((module) => {
    const resolver = new Resolver(globalsOf(module, ruleNames(modules, module)), names, mode);
    const rules = module.rules.map((rule) => ({ module, rule: resolver.rule(metadata.rule(rule, module)) }));
    diagnostics.push(...resolver.diagnostics);
    if (mode.strict) unused.push(...unusedImports(module, resolver.usedGlobals));
    return rules;
  });
  refuse(unused);
  refuse(diagnostics);
  return placed;
}

/** The names that the rules of a module's package define. */
function ruleNames(modules: readonly Module[], { package: path }: Module): ReadonlySet<string> {
  const own = path.join(".");
  const inPackage = modules.filter((module) => module.package.join(".") === own);
  return new Set(inPackage.flatMap(({ rules }) => rules.map(ruleName)));
}

function ruleName({ head }: Rule): string {
  const [name] = head.ref;
  return name?.kind === "var" ? name.name : "";
}

function functionsOf(modules: readonly Module[], builtins: Builtins): (name: string) => boolean {
  const names = new Set(
    modules.flatMap((module) =>
      module.rules
        .filter(({ head }) => head.args)
        .map((rule) => ["data", ...module.package, ...constantPrefix(rule)].join(".")),
    ),
  );
  return (name) => names.has(name) || builtins.has(name);
}

function arityOf(tree: RuleTree, builtins: Builtins) {
  return (name: string): number | undefined => {
    const node = tree.findFunction(name);
    return node ? node.rules[0]?.rule.head.args?.length : builtins.get(name)?.args.length;
  };
}

export interface QuerySettings {
  readonly text: string;
  readonly body: Body;
  readonly globals?: Globals;
  /** `==` is a unification, as it is in rules; its sides have no values to be shown then. */
  readonly unifiesEqual?: boolean;
}

/** A query, taken through the same stages over compiled modules. */
export function compileQuery(compiled: Compiled, settings: QuerySettings): PlannedQuery {
  const { tree, names, builtins } = compiled;
  const resolver = new Resolver(settings.globals ?? new Map(), names, { strict: false });
  const resolved = resolver.query(settings.body);
  refuse(resolver.diagnostics);
  const isFunction = (name: string): boolean => tree.findFunction(name) !== undefined || builtins.has(name);
  const arity = arityOf(tree, builtins);
  const safety = new SafetyCheck(arity, names);
  const expanded = new Expander(names, isFunction).body(settleQueryPrints(compiled, resolved, safety));
  refuse(expanded.flatMap((expr) => undefinedIn(expr, arity)));
  const safe = safety.body(expanded, new Set());
  refuse(safety.diagnostics);
  const body = new DynamicTerms(names, settings.unifiesEqual ? "rules" : "query").body(safe);
  refuse(compiled.types.query(body));
  const shown = new Set(settings.body.flatMap((expr) => body.findLast(standsFor(expr)) ?? []));
  return { body, variables: queryVariables(body, names), text: settings.text, shown };
}

/** The expression that stands where another one was written; what comes of its operands stands before it. */
function standsFor({ at }: Expr): (expr: Expr) => boolean {
  return (expr) => expr.at.offset === at.offset && expr.at.end === at.end;
}

function settleQueryPrints({ names, prints }: Compiled, body: Body, safety: SafetyCheck): Body {
  if (!prints) return erased(body);
  const calls = new PrintCalls(names, safety);
  const settled = calls.body(body, new Set());
  refuse(calls.diagnostics);
  return settled;
}

/** What names mean in a query with a header of its own: its imports and, inside of the package, that one's rules. */
export function queryGlobals({ modules }: Compiled, header: Module, isInside: boolean): Globals {
  return globalsOf(header, isInside ? ruleNames(modules, header) : new Set());
}

function queryVariables(body: Body, names: Names): readonly (readonly [string, string])[] {
  const found = new Set<string>();
  for (const expr of body) addExprVars(expr, { skipClosures: true }, found);
  return [...found].filter((name) => !isGenerated(name)).map((name) => [name, names.original(name)] as const);
}
