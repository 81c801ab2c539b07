import { isEquality, operatorName } from "../compile/build.ts";
import type { Builtins } from "../compile/stages.ts";
import { closuresOf } from "../compile/vars.ts";
import { refsOfRule } from "../compile/visit.ts";
import { constantPrefix } from "../plan/rule-tree.ts";
import type { RuleTree, TreeNode } from "../plan/rule-tree.ts";
import type {
  Body,
  CallExpr,
  Diagnostic,
  Expr,
  Location,
  Module,
  RefTerm,
  Rule,
  Term,
} from "../syntax/index.ts";
import type { RegoType } from "../types.ts";
import { pathName } from "../values/path-name.ts";
import { anyType, keysOf, unifies, unionOf } from "./algebra.ts";
import type { Known } from "./algebra.ts";
import { memberType, TypeEnvironment } from "./environment.ts";
import { infer, inferBoth } from "./infer.ts";
import { ruleSchemas } from "./rule-schemas.ts";
import type { Schemas } from "./rule-schemas.ts";
import { argsText, typeText } from "./text.ts";

export interface TypeSettings {
  readonly tree: RuleTree;
  readonly builtins: Builtins;
  readonly modules: readonly Module[];
  readonly schemas: Schemas;
  /** Variables as the user wrote them. */
  readonly original: (name: string) => string;
}

/** The types of every rule, in the order in which they need each other, and what does not fit. */
export class TypeCheck {
  readonly #settings: TypeSettings;
  readonly #rules = new Map<TreeNode, Known>();
  readonly diagnostics: Diagnostic[] = [];
  /** Calls of queries: their values are asked for, though nothing in the text takes them. */
  readonly #shown = new WeakSet<Expr>();

  constructor(settings: TypeSettings) {
    this.#settings = settings;
  }

  /** Checks every rule of the tree. */
  all(): void {
    for (const node of this.#settings.tree.nodes) this.#node(node);
  }

  /** The type of what the rules of a node give. */
  typeOf(node: TreeNode): Known {
    return this.#rules.get(node);
  }

  /** What schemas say of the input of a node's rules. */
  inputOf({ rules }: TreeNode): Known {
    const { modules, schemas } = this.#settings;
    const [first] = rules;
    return first && ruleSchemas(first, modules, schemas).get("input");
  }

  /** What does not fit in a query's body. */
  query(body: Body): readonly Diagnostic[] {
    const known = this.diagnostics.length;
    for (const expr of body) if (expr.form === "call" && !expr.negated) this.#shown.add(expr);
    this.#body(body, this.#environment(new Map()));
    return this.diagnostics.splice(known);
  }

  #environment(schemas: ReadonlyMap<string, RegoType>): TypeEnvironment {
    const { tree } = this.#settings;
    return new TypeEnvironment({
      tree,
      schemas,
      rules: this.#rules,
      functionOf: (name) => this.#function(name),
    });
  }

  /** The rules that a node needs come first; cycles were refused before. */
  #node(node: TreeNode): void {
    const waiting: TreeNode[] = [node];
    const open = new Set<TreeNode>();
    for (let next = waiting.at(-1); next; next = waiting.at(-1)) {
      const missing = this.#rules.has(next) || open.has(next) ? [] : this.#neededBy(next);
      open.add(next);
      if (missing.length > 0) waiting.push(...missing);
      else waiting.pop();
      if (missing.length === 0 && !this.#rules.has(next)) this.#define(next);
    }
  }

  #neededBy(node: TreeNode): TreeNode[] {
    const refs = node.rules.flatMap(({ rule }) => refsOfRule(rule));
    return refs.flatMap((ref) => nodesOf(this.#settings.tree, ref)).filter((one) => !this.#rules.has(one));
  }

  #define(node: TreeNode): void {
    let type: Known;
    for (const placed of node.rules) {
      const schemas = ruleSchemas(placed, this.#settings.modules, this.#settings.schemas);
      for (let one: Rule | undefined = placed.rule; one; one = one.elseRule) {
        type = unionOf(type, this.#rule(one, schemas));
      }
    }
    this.#rules.set(node, node.rules.length > 0 ? (type ?? anyType) : undefined);
  }

  #rule(rule: Rule, schemas: ReadonlyMap<string, RegoType>): Known {
    const environment = this.#environment(schemas);
    const before = this.diagnostics.length;
    this.#body(rule.body, environment);
    if (this.diagnostics.length > before) return anyType;
    const { args, element, value } = rule.head;
    if (args) return functionType(args, value, environment);
    const own = element ? setOf(environment.typeOf(element)) : environment.typeOf(value);
    const keys = rule.head.ref
      .slice(constantPrefix(rule).length)
      .map((term) => environment.typeOf(term) ?? anyType);
    return keys.reduceRight<Known>(
      (inner, key) => ({ type: "object", dynamic: { key, value: inner ?? anyType } }),
      own,
    );
  }

  #function(name: string): Known {
    const node = this.#settings.tree.findFunction(name);
    if (node) return this.#rules.get(node);
    const builtin = this.#settings.builtins.get(name);
    if (!builtin) return undefined;
    const { args, variadic, result } = builtin;
    return { type: "function", args, ...(variadic && { variadic }), ...(result && { result }) };
  }

  #body(body: Body, environment: TypeEnvironment): void {
    for (const expr of body) this.#expr(expr, environment);
  }

  #expr(expr: Expr, environment: TypeEnvironment): void {
    if (expr.form === "every") this.#every(expr, environment);
    else for (const { body } of closuresOf(expr)) this.#body(body, environment.inner(body));
    for (const ref of topRefs(expr))
      if (!this.#ref(ref, environment)) return this.#bindAny(expr, environment);
    if (expr.form !== "call") return;
    if (isEquality(expr)) this.#equality(expr, environment);
    else this.#call(expr, environment);
  }

  #bindAny(expr: Expr, environment: TypeEnvironment): void {
    const terms = expr.form === "call" ? expr.args : expr.form === "term" ? [expr.term] : [];
    for (const term of terms)
      for (const name of namesOf(term)) if (!environment.find(name)) environment.set(name, anyType);
  }

  #every(expr: Expr & { form: "every" }, environment: TypeEnvironment): void {
    const domain = environment.typeOf(expr.domain) ?? anyType;
    const inner = environment.inner(expr.body);
    const [keys, values] = [keysOf(domain), memberType(domain, expr.value)];
    if (expr.key) inner.set(expr.key.name, keys ?? anyType);
    inner.set(expr.value.name, values ?? anyType);
    this.#body(expr.body, inner);
  }

  #equality(expr: CallExpr, environment: TypeEnvironment): void {
    const [left, right] = expr.args as readonly [Term, Term];
    const have = [environment.typeOf(left), environment.typeOf(right)];
    if (inferBoth(environment, left, right)) return;
    const lines = [`left  : ${typeText(have[0])}`, `right : ${typeText(have[1])}`];
    this.#report("match error", expr.at, lines);
    this.#bindAny(expr, environment);
  }

  #call(expr: CallExpr, environment: TypeEnvironment): void {
    const name = operatorName(expr.operator) ?? "";
    const type = this.#function(name);
    if (type?.type !== "function") return this.#bindAny(expr, environment);
    const want = [...(type.args ?? []), ...(type.result ? [type.result] : [])];
    const have = expr.args.map((arg) => environment.typeOf(arg));
    const fits = expr.args.every((arg, i) => {
      const wanted = want[i] ?? type.variadic ?? anyType;
      const known = have[i];
      return (known === undefined || unifies(known, wanted)) && infer(environment, arg, wanted);
    });
    if (fits) return;
    const isShown = this.#shown.has(expr) && type.result && have.length === (type.args ?? []).length;
    const lines = [
      `have: ${argsText(isShown ? [...have, undefined] : have)}`,
      `want: ${argsText(want, type.variadic)}`,
    ];
    this.#report(`${name}: invalid argument(s)`, expr.at, lines);
    this.#bindAny(expr, environment);
  }

  /** Goes along a reference: every part must be able to be there. */
  #ref(ref: RefTerm, environment: TypeEnvironment): boolean {
    const base = environment.baseOf(ref.head, ref.path);
    if (base.type?.type === "function") return this.#functionRef(ref);
    let type: Known = base.type ?? this.#unknownHead(ref, environment);
    for (const [i, part] of ref.path.entries()) {
      if (i < base.used || type === undefined) {
        if (part.kind === "var" && !environment.find(part.name)) environment.set(part.name, anyType);
        continue;
      }
      const keys = keysOf(type);
      const next: Known = keys && this.#part(part, keys, environment) ? memberType(type, part) : undefined;
      if (next === undefined) return this.#undefinedRef(ref, { i, type, keys });
      type = next;
    }
    return true;
  }

  /** What a variable without a type refers into may be anything, and so may the variable. */
  #unknownHead({ head }: RefTerm, environment: TypeEnvironment): Known {
    if (head.kind !== "var") return undefined;
    environment.set(head.name, anyType);
    return anyType;
  }

  #functionRef(ref: RefTerm): false {
    const whole = this.#refText(ref);
    const lines = [whole, "^".repeat(whole.length)];
    this.#report(`function ${whole} used as reference, not called`, ref.at, lines);
    return false;
  }

  #part(part: Term, keys: RegoType, environment: TypeEnvironment): boolean {
    if (part.kind === "scalar") return true;
    if (part.kind === "ref") return unifies(environment.typeOf(part) ?? anyType, keys);
    return infer(environment, part, keys);
  }

  #undefinedRef(ref: RefTerm, { i, type, keys }: { i: number; type: RegoType; keys: Known }): false {
    const whole = this.#refText(ref);
    const before = this.#refText({ ...ref, path: ref.path.slice(0, i) });
    const lines = keys
      ? [
          whole,
          `${" ".repeat(before.length + 1)}^`,
          `${" ".repeat(before.length + 1)}have: ${this.#partText(ref.path[i] as Term)}`,
          `${" ".repeat(before.length + 1)}${wanted(type, keys)}`,
        ]
      : [whole, "^".repeat(before.length), `have: ${typeText(type)}`];
    this.#report(`undefined ref: ${whole}`, ref.at, lines);
    return false;
  }

  #refText({ head, path }: RefTerm): string {
    const start = head.kind === "var" ? this.#settings.original(head.name) : head.kind;
    return path.reduce((text, part) => {
      const isName =
        part.kind === "scalar" && typeof part.value === "string" && /^[A-Za-z_]\w*$/.test(part.value);
      return isName ? `${text}.${part.value}` : `${text}[${this.#partText(part)}]`;
    }, start);
  }

  #partText(part: Term): string {
    if (part.kind === "scalar") return JSON.stringify(part.value);
    return part.kind === "var" ? this.#settings.original(part.name) : part.kind;
  }

  #report(message: string, at: Location, lines: readonly string[]): void {
    this.diagnostics.push({ code: "rego_type_error", message, at, lines });
  }
}

function wanted(type: RegoType, keys: RegoType): string {
  const names =
    type.type === "object" && !type.dynamic ? (type.static ?? []).map(({ key }) => JSON.stringify(key)) : [];
  return names.length > 0
    ? `want (one of): [${names.toSorted().join(" ")}]`
    : `want (type): ${typeText(keys)}`;
}

function setOf(type: Known): Known {
  return type && { type: "set", of: type };
}

function functionType(args: readonly Term[], value: Term, environment: TypeEnvironment): RegoType {
  for (const name of args.flatMap(namesOf)) if (!environment.find(name)) environment.set(name, anyType);
  const result = environment.typeOf(value) ?? anyType;
  return { type: "function", args: args.map((arg) => environment.typeOf(arg) ?? anyType), result };
}

function namesOf(term: Term): string[] {
  switch (term.kind) {
    case "var":
      return [term.name];
    case "array":
    case "set":
      return term.items.flatMap(namesOf);
    case "object":
      return term.items.flat().flatMap(namesOf);
    case "ref":
      return term.path.flatMap(namesOf);
    default:
      return [];
  }
}

/** The references of an expression that are evaluated in its own body. */
function topRefs(expr: Expr): readonly RefTerm[] {
  const terms =
    expr.form === "call"
      ? expr.args
      : expr.form === "term"
        ? [expr.term]
        : expr.form === "every"
          ? [expr.domain]
          : [];
  return terms.flatMap(refsIn);
}

function refsIn(term: Term): RefTerm[] {
  switch (term.kind) {
    case "ref":
      return [...term.path.flatMap(refsIn), term];
    case "array":
    case "set":
      return term.items.flatMap(refsIn);
    case "object":
      return term.items.flat().flatMap(refsIn);
    default:
      return [];
  }
}

/** The node of rules that a reference leads to, when its names say which. */
function nodesOf(tree: RuleTree, { head, path }: RefTerm): TreeNode[] {
  let node: TreeNode | undefined = head.kind === "var" && head.name === "data" ? tree.root : undefined;
  for (const part of path) {
    if (!node || node.rules.length > 0) break;
    node = part.kind === "scalar" ? node.children.get(pathName(part.value)) : undefined;
  }
  return node && node.rules.length > 0 ? [node] : [];
}
