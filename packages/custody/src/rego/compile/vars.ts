import type { Body, Expr, Term, With } from "../syntax/index.ts";
import { operatorName } from "./build.ts";

/** What of a term not to look into. */
export interface VarOptions {
  readonly skipClosures?: boolean;
  readonly skipRefHead?: boolean;
  readonly skipObjectKeys?: boolean;
  readonly skipSets?: boolean;
}

/** Adds the variables of a term. `data` and `input` are none. */
export function addTermVars(term: Term, options: VarOptions, to: Set<string>): void {
  const add = (inner: Term): void => addTermVars(inner, options, to);
  switch (term.kind) {
    case "var":
      if (term.name !== "data" && term.name !== "input") to.add(term.name);
      break;
    case "ref":
      if (!options.skipRefHead || term.head.kind !== "var") add(term.head);
      term.path.forEach(add);
      break;
    case "set":
      if (!options.skipSets) term.items.forEach(add);
      break;
    case "array":
      term.items.forEach(add);
      break;
    case "object":
      for (const [key, value] of term.items) {
        if (!options.skipObjectKeys) add(key);
        add(value);
      }
      break;
    case "call":
      term.args.forEach(add);
      break;
    default:
      if (!options.skipClosures) addClosureVars(term, options, to);
  }
}

function addClosureVars(term: Term, options: VarOptions, to: Set<string>): void {
  if (term.kind === "object-comprehension") {
    addTermVars(term.key, options, to);
    addTermVars(term.value, options, to);
    addBodyVars(term.body, options, to);
  } else if (term.kind === "array-comprehension" || term.kind === "set-comprehension") {
    addTermVars(term.item, options, to);
    addBodyVars(term.body, options, to);
  }
}

export function addBodyVars(body: Body, options: VarOptions, to: Set<string>): void {
  for (const expr of body) addExprVars(expr, options, to);
}

/** Adds the variables of an expression, those of its `with` values included. */
export function addExprVars(expr: Expr, options: VarOptions, to: Set<string>): void {
  for (const one of expr.with) addWithVars(one, options, to);
  switch (expr.form) {
    case "term":
      addTermVars(expr.term, options, to);
      break;
    case "call":
      for (const arg of expr.args) addTermVars(arg, options, to);
      break;
    case "every":
      addTermVars(expr.domain, options, to);
      if (!options.skipClosures) {
        if (expr.key) to.add(expr.key.name);
        to.add(expr.value.name);
        addBodyVars(expr.body, options, to);
      }
      break;
    case "not":
      if (!options.skipClosures) addBodyVars(expr.body, options, to);
      break;
    default:
  }
}

function addWithVars(one: With, options: VarOptions, to: Set<string>): void {
  if (!isFunctionReplaced(one)) addTermVars(one.value, options, to);
}

/** The target is a function or a builtin, and the value names another: no variable is in it. */
function isFunctionReplaced({ target, value }: With): boolean {
  const name = target.kind === "var" ? target.name : target.kind === "ref" ? operatorName(target) : undefined;
  const replaces = name !== undefined && !/^input(\.|$)/.test(name);
  return replaces && value.kind === "ref" && operatorName(value) !== undefined;
}

export function varsOfExpr(expr: Expr, options: VarOptions = {}): Set<string> {
  const vars = new Set<string>();
  addExprVars(expr, options, vars);
  return vars;
}

export function varsOfTerm(term: Term, options: VarOptions = {}): Set<string> {
  const vars = new Set<string>();
  addTermVars(term, options, vars);
  return vars;
}

/** The bodies inside of an expression: of comprehensions, `every` and `not { … }`, the outermost ones. */
export function closuresOf(expr: Expr): readonly Closure[] {
  const closures: Closure[] = [];
  for (const one of expr.with) addClosures(one.value, closures);
  if (expr.form === "term") addClosures(expr.term, closures);
  if (expr.form === "call") for (const arg of expr.args) addClosures(arg, closures);
  if (expr.form === "every") {
    addClosures(expr.domain, closures);
    closures.push({
      body: expr.body,
      binds: [...(expr.key ? [expr.key.name] : []), expr.value.name],
      yields: [],
    });
  }
  if (expr.form === "not") closures.push({ body: expr.body, binds: [], yields: [] });
  return closures;
}

export interface Closure {
  readonly body: Body;
  /** Variables that the closure itself binds before its body. */
  readonly binds: readonly string[];
  /** Terms that its body has to make safe. */
  readonly yields: readonly Term[];
}

function addClosures(term: Term, closures: Closure[]): void {
  switch (term.kind) {
    case "ref":
      addClosures(term.head, closures);
      for (const part of term.path) addClosures(part, closures);
      break;
    case "array":
    case "set":
      for (const item of term.items) addClosures(item, closures);
      break;
    case "object":
      for (const item of term.items.flat()) addClosures(item, closures);
      break;
    case "array-comprehension":
    case "set-comprehension":
      closures.push({ body: term.body, binds: [], yields: [term.item] });
      break;
    case "object-comprehension":
      closures.push({ body: term.body, binds: [], yields: [term.key, term.value] });
      break;
    default:
  }
}

/** The variables inside of an expression's closures. */
export function closureVars(expr: Expr): Set<string> {
  const vars = new Set<string>();
  for (const { body, yields } of closuresOf(expr)) {
    addBodyVars(body, {}, vars);
    for (const term of yields) addTermVars(term, {}, vars);
  }
  return vars;
}
