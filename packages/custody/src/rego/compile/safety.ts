import type { Body, CallExpr, Diagnostic, Expr, Location, RefTerm, Rule, Term } from "../syntax/index.ts";
import { isEquality, operatorName } from "./build.ts";
import { mapExpr, mapInside } from "./map-terms.ts";
import type { Names } from "./names.ts";
import { isGenerated } from "./names.ts";
import { isRefSafe, unifiedBy } from "./unify-safety.ts";
import { addBodyVars, addExprVars, addTermVars, closureVars, varsOfExpr, varsOfTerm } from "./vars.ts";

/** How many operands the function of that name takes; undefined for what is no function. */
export type Arity = (name: string) => number | undefined;

const visible = { skipClosures: true };
const patternVars = { skipClosures: true, skipSets: true, skipObjectKeys: true, skipRefHead: true };

/**
 * Orders the expressions of each body so that every variable is bound before it is needed, and refuses the body
 * where no order does that (OPA's `reorderBodyForSafety`: evaluation order, and so which error wins, is this order).
 */
export class SafetyCheck {
  readonly #arity: Arity;
  readonly #names: Names;
  readonly diagnostics: Diagnostic[] = [];

  constructor(arity: Arity, names: Names) {
    this.#arity = arity;
    this.#names = names;
  }

  rule(rule: Rule): Rule {
    const { head } = rule;
    const bound = new Set<string>();
    for (const arg of head.args ?? []) addTermVars(arg, {}, bound);
    const body = this.body(rule.body, bound);
    this.#checkHead(rule, bound);
    return { ...rule, body, elseRule: rule.elseRule && this.rule(rule.elseRule) };
  }

  #checkHead({ head, body }: Rule, bound: ReadonlySet<string>): void {
    const made = new Set(bound);
    addBodyVars(body, visible, made);
    for (const term of [...head.ref.slice(1), ...(head.element ? [head.element] : []), head.value]) {
      for (const name of varsOfTerm(term, visible)) if (!made.has(name)) this.#reportVar(name, term.at);
    }
  }

  #reportVar(name: string, at: Location): void {
    const original = this.#names.original(name);
    const message = isGenerated(original) ? "expression is unsafe" : `var ${original} is unsafe`;
    const known = this.diagnostics.some((one) => one.message === message && one.at?.offset === at.offset);
    if (!known) this.diagnostics.push({ code: "rego_unsafe_var_error", message, at });
  }

  /** The body in an order that binds before it uses; `bound` are the variables bound around it. */
  body(body: Body, bound: ReadonlySet<string>): Body {
    const ordered = this.#order(body, bound);
    const around = new Set(bound);
    return ordered.map((expr) => {
      const inner = this.#closures(expr, around);
      addExprVars(expr, visible, around);
      return inner;
    });
  }

  /** The variables that expressions bind, one after the other in the order of the text. */
  boundBy(body: Body, bound: ReadonlySet<string>): Set<string> {
    const safe = new Set(bound);
    for (const expr of body) for (const name of this.#outputs(expr, safe)) safe.add(name);
    return safe;
  }

  #order(body: Body, bound: ReadonlySet<string>): Body {
    const own = new Set<string>();
    addBodyVars(body, visible, own);
    const safe = new Set(bound);
    const ordered: Expr[] = [];
    let left = body;
    for (let before = -1; before !== ordered.length && left.length > 0;) {
      before = ordered.length;
      left = left.filter((expr) => !this.#place(expr, { own, safe, ordered }));
    }
    for (const expr of left) this.#reportUnsafe(expr, own, safe);
    return [...ordered, ...left];
  }

  #place(expr: Expr, state: { own: ReadonlySet<string>; safe: Set<string>; ordered: Expr[] }): boolean {
    const { own, safe, ordered } = state;
    const outputs = this.#outputs(expr, safe);
    const needed = [...varsOfExpr(expr, visible)].some((name) => !safe.has(name) && !outputs.has(name));
    const closed = [...closureVars(expr)].some((name) => own.has(name) && !safe.has(name));
    if (needed || closed) return false;
    ordered.push(expr);
    for (const name of outputs) safe.add(name);
    return true;
  }

  #reportUnsafe(expr: Expr, own: ReadonlySet<string>, safe: ReadonlySet<string>): void {
    const outputs = this.#outputs(expr, safe);
    const unsafe = [...varsOfExpr(expr, visible)].filter((name) => !safe.has(name) && !outputs.has(name));
    const closed = [...closureVars(expr)].filter((name) => own.has(name) && !safe.has(name));
    for (const name of [...unsafe, ...closed]) this.#reportVar(name, expr.at);
  }

  /** The variables that an expression binds. */
  #outputs(expr: Expr, safe: ReadonlySet<string>): Set<string> {
    if (expr.negated || expr.form === "not") return new Set();
    for (const { value } of expr.with) {
      if ([...varsOfTerm(value, visible)].some((name) => !safe.has(name) && value.kind !== "ref"))
        return new Set();
    }
    switch (expr.form) {
      case "term":
        return outputsOfTerms([expr.term], safe);
      case "call":
        return isEquality(expr) ? equalityOutputs(expr, safe) : this.#callOutputs(expr, safe);
      case "every":
        return outputsOfTerms([expr.domain], safe);
      default:
        return new Set();
    }
  }

  #callOutputs({ operator, args }: CallExpr, safe: ReadonlySet<string>): Set<string> {
    const outputs = outputsOfTerms(args, safe);
    const arity = this.#arity(operatorName(operator) ?? "");
    if (arity === undefined) return new Set();
    if (arity >= args.length) return outputs;
    const inputs = args.slice(0, arity).flatMap((arg) => [...varsOfTerm(arg, patternVars)]);
    if (inputs.some((name) => !outputs.has(name) && !safe.has(name))) return new Set();
    for (const arg of args.slice(arity)) addTermVars(arg, patternVars, outputs);
    return outputs;
  }

  /** The expression with the bodies inside of it ordered. */
  #closures(expr: Expr, around: ReadonlySet<string>): Expr {
    if (expr.form === "every") {
      const inner = new Set([...around, ...varsOfExpr(expr, visible), expr.value.name]);
      if (expr.key) inner.add(expr.key.name);
      return { ...expr, body: this.body(expr.body, inner) };
    }
    const term = (inner: Term): Term => this.#inTerm(inner, around);
    return mapExpr(expr, { term, body: (body) => this.body(body, around) });
  }

  #inTerm(term: Term, around: ReadonlySet<string>): Term {
    const mapped = mapInside(term, {
      term: (inner) => this.#inTerm(inner, around),
      body: (body) => this.body(body, around),
    });
    if (mapped.kind === "object-comprehension")
      this.#checkYield([mapped.key, mapped.value], mapped.body, around);
    else if (mapped.kind === "array-comprehension" || mapped.kind === "set-comprehension") {
      this.#checkYield([mapped.item], mapped.body, around);
    }
    return mapped;
  }

  #checkYield(terms: readonly Term[], body: Body, around: ReadonlySet<string>): void {
    const made = new Set(around);
    addBodyVars(body, visible, made);
    for (const term of terms) {
      for (const name of varsOfTerm(term, visible)) if (!made.has(name)) this.#reportVar(name, term.at);
    }
  }
}

function equalityOutputs({ operator, args }: CallExpr, safe: ReadonlySet<string>): Set<string> {
  const [left, right] = args as readonly [Term, Term];
  const known = new Set([...outputsOfTerms(args, safe), ...safe]);
  // The left of `:=` is written only: nothing on the right becomes known through it.
  if (operatorName(operator) === "assign") for (const name of varsOfTerm(left)) known.delete(name);
  const found = new Set([...known, ...unifiedBy(known, left, right)]);
  return new Set([...found].filter((name) => !safe.has(name)));
}

/** The variables in the paths of references whose heads are bound: evaluating those binds them. */
function outputsOfTerms(terms: readonly Term[], safe: ReadonlySet<string>): Set<string> {
  const outputs = new Set<string>();
  for (const term of terms) addRefOutputs(term, safe, outputs);
  return outputs;
}

function addRefOutputs(term: Term, safe: ReadonlySet<string>, outputs: Set<string>): void {
  switch (term.kind) {
    case "ref":
      if (isRefSafe(term, safe)) addPathOutputs(term, safe, outputs);
      break;
    case "array":
    case "set":
      for (const item of term.items) addRefOutputs(item, safe, outputs);
      break;
    case "object":
      for (const item of term.items.flat()) addRefOutputs(item, safe, outputs);
      break;
    default:
  }
}

function addPathOutputs({ path }: RefTerm, safe: ReadonlySet<string>, outputs: Set<string>): void {
  for (const part of path) {
    addTermVars(part, { skipRefHead: true }, outputs);
    addRefOutputs(part, safe, outputs);
  }
}
