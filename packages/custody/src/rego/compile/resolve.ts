import type {
  Body,
  CallExpr,
  Diagnostic,
  EveryExpr,
  Expr,
  Head,
  Location,
  Module,
  RefTerm,
  Rule,
  SomeInExpr,
  TemplateTerm,
  Term,
  VarTerm,
  With,
} from "../syntax/index.ts";
import { builtinRef, termName } from "../syntax/index.ts";
import { equality, operatorName, pathRef, trueExpr, varTerm } from "./build.ts";
import { mapExpr, mapInside, mapRef } from "./map-terms.ts";
import type { Names } from "./names.ts";
import { Scopes } from "./scopes.ts";
import type { Declaration, Unused } from "./scopes.ts";
import { varsOfTerm } from "./vars.ts";

/** What names mean in a module besides its local variables: paths below `data` or `input`. */
export type Globals = ReadonlyMap<string, readonly string[]>;

/** The globals of a module: the rules of its package, and its imports. */
export function globalsOf(module: Module, ruleNames: ReadonlySet<string>): Globals {
  const globals = new Map<string, readonly string[]>();
  for (const name of ruleNames) globals.set(name, ["data", ...module.package, name]);
  for (const { path, alias } of module.imports) {
    if (path[0] === "data" || path[0] === "input") globals.set(alias ?? path.at(-1) ?? "", path);
  }
  return globals;
}

/**
 * Gives every name its meaning: declared variables get names of their own, names of rules and imports become full
 * references, `some … in` becomes an equality and a template a call.
 */
export class Resolver {
  readonly #globals: Globals;
  readonly #names: Names;
  readonly #scopes: Scopes;
  readonly #strict: boolean;
  readonly #usedGlobals = new Set<string>();
  /** How many mistakes there were before the rule that is looked at. */
  #before = 0;
  readonly diagnostics: Diagnostic[] = [];

  constructor(globals: Globals, names: Names, { strict }: { readonly strict: boolean }) {
    this.#globals = globals;
    this.#names = names;
    this.#scopes = new Scopes(names);
    this.#strict = strict;
  }

  /** Names of rules and imports that something asked for. */
  get usedGlobals(): ReadonlySet<string> {
    return this.#usedGlobals;
  }

  rule(rule: Rule): Rule {
    this.#before = this.diagnostics.length;
    const { resolved, unusedArgs } = this.#branch(rule);
    for (const name of this.#strict ? unusedArgs : []) {
      this.#report(`unused argument ${name}. (hint: use _ (wildcard variable) instead)`, rule.head.at);
    }
    return resolved;
  }

  /** A rule and what comes after it with `else`; an argument is used when one of them uses it. */
  #branch(rule: Rule): { readonly resolved: Rule; readonly unusedArgs: readonly string[] } {
    this.#scopes.enter([]);
    for (const one of (rule.head.args ?? []).flatMap(patternVars)) this.#declare(one, "argument", one.at);
    const args = rule.head.args?.map((arg) => this.#boundArg(arg));
    this.#scopes.enterRule(rule.body);
    const { body, outcome: head } = this.#entered(rule.body, () => this.#head(rule.head, args));
    const unused = this.#leave(rule.at)
      .filter(({ how }) => how === "argument")
      .map(({ name }) => name);
    const other = rule.elseRule && this.#branch(rule.elseRule);
    const resolved = { ...rule, head, body, elseRule: other?.resolved };
    return { resolved, unusedArgs: unused.filter((name) => !other || other.unusedArgs.includes(name)) };
  }

  /** An argument as it is called now; its variables are bound, not used. */
  #boundArg(arg: Term): Term {
    if (arg.kind === "var") return this.#bound(arg);
    if (arg.kind === "array") return { ...arg, items: arg.items.map((item) => this.#boundArg(item)) };
    if (arg.kind !== "object") return this.#term(arg);
    return {
      ...arg,
      items: arg.items.map(([key, value]) => [this.#term(key), this.#boundArg(value)] as const),
    };
  }

  #head(head: Head, args: Head["args"]): Head {
    const [name, ...path] = head.ref as readonly [Term, ...Term[]];
    const element = head.element && this.#term(head.element);
    const value = this.#term(head.value);
    return { ...head, args, element, value, ref: [name, ...path.map((part) => this.#term(part))] };
  }

  /** A query's body; its own variables are left as they are written. */
  query(body: Body): Body {
    return this.#inBody(body, () => undefined).body;
  }

  /** Names that the query declares, as it calls them, and what they are called now. */
  declaredName(name: string): string {
    return this.#names.original(name);
  }

  #inBody<Outcome>(exprs: Body, after: () => Outcome): { body: Body; outcome: Outcome } {
    this.#scopes.enter(exprs);
    return this.#entered(exprs, after);
  }

  #entered<Outcome>(exprs: Body, after: () => Outcome): { body: Body; outcome: Outcome } {
    const resolved = exprs.flatMap((expr) => this.#expr(expr));
    const at = exprs[0]?.at as Location;
    const body = resolved.length > 0 ? resolved : [trueExpr(at)];
    const outcome = after();
    this.#leave(at);
    return { body, outcome };
  }

  #report(message: string, at: Location): void {
    this.diagnostics.push({ code: "rego_compile_error", message, at });
  }

  /** @param statement where it is declared: what is declared for nothing is reported there. */
  #declare({ name, at }: VarTerm, how: Declaration, statement: Location): void {
    const problem = this.#scopes.declare(name, how, statement);
    if (problem) this.#report(problem, at);
  }

  #expr(expr: Expr): readonly Expr[] {
    switch (expr.form) {
      case "some":
        for (const symbol of expr.symbols) this.#declare(symbol, "some", expr.at);
        return [];
      case "some-in":
        return [this.#someIn(expr)];
      case "every":
        return [this.#every(expr)];
      case "call":
        return [this.#callExpr(expr)];
      default:
        return [this.#plain(expr)];
    }
  }

  #plain(expr: Expr): Expr {
    return mapExpr(expr, {
      term: (term) => this.#term(term),
      body: (body) => this.#inBody(body, () => undefined).body,
    });
  }

  #callExpr(expr: CallExpr): Expr {
    if (operatorName(expr.operator) !== "assign" || expr.args.length !== 2) return this.#plain(expr);
    const [left, right] = expr.args as readonly [Term, Term];
    const resolved = this.#plain({ ...expr, args: [right] }) as CallExpr;
    this.#declareAssigned(left, expr.at);
    return { ...resolved, args: [this.#boundArg(left), ...resolved.args] };
  }

  #declareAssigned(term: Term, statement: Location): void {
    if (term.kind === "var" || term.kind === "array" || term.kind === "object")
      this.#declareParts(term, statement);
    else this.#report(`cannot assign to ${termName(term)}`, term.at);
  }

  #declareParts(term: Term, statement: Location): void {
    if (term.kind === "var") this.#declare(term, "assigned", statement);
    else if (term.kind === "array") for (const item of term.items) this.#declareParts(item, statement);
    else if (term.kind === "object") for (const [, value] of term.items) this.#declareParts(value, statement);
    else if (term.kind !== "scalar") this.#declareAssigned(term, statement);
  }

  /** `some k, v in xs` is `xs[k] = v` with new variables; what the domain names itself is none of these. */
  #someIn(expr: SomeInExpr): Expr {
    const named = varsOfTerm(expr.domain, { skipClosures: true });
    const domain = this.#term(expr.domain);
    const withs = expr.with.map((one) => this.#with(one));
    for (const one of [...(expr.key ? [expr.key] : []), expr.value].flatMap(patternVars)) {
      if (!named.has(one.name)) this.#declare(one, "some", expr.at);
    }
    const key = expr.key ? this.#term(expr.key) : varTerm(this.#names.generate(), expr.at);
    const member: RefTerm =
      domain.kind === "ref"
        ? { ...domain, path: [...domain.path, key] }
        : { kind: "ref", head: domain, path: [key], at: domain.at };
    return { ...equality(this.#term(expr.value), member, withs), at: expr.at };
  }

  #with(one: With): With {
    return { ...one, target: this.#term(one.target), value: this.#term(one.value) };
  }

  #every(expr: EveryExpr): Expr {
    const domain = this.#term(expr.domain);
    const withs = expr.with.map((one) => this.#with(one));
    this.#scopes.enter([]);
    if (expr.key) this.#declare(expr.key, "some", expr.at);
    this.#declare(expr.value, "some", expr.at);
    const { body } = this.#inBody(expr.body, () => undefined);
    const key = expr.key && this.#bound(expr.key);
    const value = this.#bound(expr.value);
    this.#leave(expr.at);
    return { ...expr, with: withs, domain, key, value, body };
  }

  /** A variable as it is called where it is bound: that is no use of it. */
  #bound(term: VarTerm): VarTerm {
    return { ...term, name: this.#scopes.nameOf(term.name) };
  }

  #leave(at: Location): readonly Unused[] {
    const unused = this.#scopes.leave();
    for (const one of unused) {
      if (one.how === "some") this.#report(`declared var ${one.name} unused`, at);
    }
    // As OPA: where a rule has other mistakes, these are not looked for.
    const isReported = this.#strict && this.diagnostics.length === this.#before;
    for (const one of unused.filter(({ how }) => isReported && how === "assigned")) {
      this.#report(`assigned var ${one.name} unused`, one.at);
    }
    return unused;
  }

  #term(term: Term): Term {
    switch (term.kind) {
      case "var":
        return this.#var(term);
      case "ref":
        return mapRef(term, (part) => this.#term(part));
      case "template":
        return this.#template(term);
      case "array-comprehension":
      case "set-comprehension": {
        const { body, outcome } = this.#inBody(term.body, () => this.#term(term.item));
        return { ...term, body, item: outcome };
      }
      case "object-comprehension": {
        const { body, outcome } = this.#inBody(
          term.body,
          () => [this.#term(term.key), this.#term(term.value)] as const,
        );
        return { ...term, body, key: outcome[0], value: outcome[1] };
      }
      default:
        return mapInside(term, { term: (part) => this.#term(part), body: (body) => body });
    }
  }

  #var(term: VarTerm): Term {
    const declared = this.#scopes.find(term.name);
    if (declared !== undefined) return { ...term, name: declared };
    const path = this.#scopes.isPending(term.name) ? undefined : this.#globals.get(term.name);
    if (!path) return term;
    this.#usedGlobals.add(term.name);
    return pathRef(path, term.at);
  }

  /** Each expression becomes a set of its values, so that one that is undefined does not undo the others. */
  #template(term: TemplateTerm): Term {
    const parts = term.parts.map((part): Term =>
      typeof part === "string" ? { kind: "scalar", value: part, at: term.at } : this.#part(part),
    );
    const list: Term = { kind: "array", items: parts, at: term.at };
    return {
      kind: "call",
      operator: builtinRef("internal.template_string", term.at),
      args: [list],
      at: term.at,
    };
  }

  #part(expr: Expr): Term {
    if (expr.form === "term" && expr.term.kind === "scalar" && expr.with.length === 0) return expr.term;
    const item = varTerm(this.#names.generate(), expr.at);
    const value: Term = expr.form === "call" ? { ...expr, kind: "call" } : this.#partTerm(expr);
    const { body } = this.#inBody([{ ...equality(item, value), with: expr.with }], () => undefined);
    return { kind: "set-comprehension", item, body, at: expr.at };
  }

  #partTerm(expr: Expr): Term {
    return expr.form === "term" ? expr.term : { kind: "scalar", value: null, at: expr.at };
  }
}

/** The variables that a pattern can bind. */
function patternVars(term: Term): readonly VarTerm[] {
  switch (term.kind) {
    case "var":
      return [term];
    case "array":
    case "set":
      return term.items.flatMap(patternVars);
    case "object":
      return term.items.flatMap(([, value]) => patternVars(value));
    default:
      return [];
  }
}
