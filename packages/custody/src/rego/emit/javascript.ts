import type { Builtin } from "../builtins/builtin.ts";
import { RegoFault } from "../faults.ts";
import type { Clause, Definition, NodeId, Operand, Plan, PlanNode, Step } from "../plan/plan.ts";
import type { Location } from "../syntax/index.ts";
import type { RegoValue } from "../values/index.ts";
import { planIndex } from "../plan/rule-index.ts";
import type { RuleIndex } from "../plan/rule-index.ts";
import { Pool } from "./pool.ts";
import { StepEmitter } from "./step-emitter.ts";
import type { EmitContext } from "./step-emitter.ts";

/** The source of a program, and what it refers to by number. */
export interface Emitted {
  /** The body of a function of {@link linkNames}; it returns `{ nodes, fills, query }`. */
  readonly source: string;
  readonly constants: readonly RegoValue[];
  readonly places: readonly Location[];
  readonly builtins: readonly Builtin[];
  readonly indexes: readonly RuleIndex[];
}

/** JavaScript for a plan: one function for each clause of each rule, one for all clauses together, one for the query. */
export function emitJavaScript(plan: Plan, builtins: ReadonlyMap<string, Builtin>): Emitted {
  return new ProgramEmitter(plan, builtins).run();
}

class ProgramEmitter {
  readonly #plan: Plan;
  readonly #shared: EmitContext;
  readonly #indexes = new Pool<RuleIndex>();
  /** Lists of the clauses of indexed definitions. */
  readonly #tables: string[] = [];

  constructor(plan: Plan, builtins: ReadonlyMap<string, Builtin>) {
    this.#plan = plan;
    this.#shared = {
      constants: new Pool(),
      places: new Pool(),
      builtins: new Pool(),
      builtinOf: (name) => builtins.get(name) ?? unknownBuiltin(name),
      nodeName: (id) => `n${id}`,
      isReplaceable: (name) => this.#isReplaceable(name),
      isSimple: (id) => this.#isSimple(id),
    };
  }

  #isReplaceable(name: string): boolean {
    const full = name.startsWith("#") ? this.#node(Number(name.slice(1))).definition?.name : name;
    return full !== undefined && this.#plan.replacedFunctions.has(full);
  }

  #node(id: NodeId): PlanNode {
    const node = this.#plan.nodes[id];
    if (!node) throw new RegoFault("rego/internal", `there is no node ${id}`);
    return node;
  }

  /** Its rules are all there is, whatever `with` replaces. */
  #isSimple(id: NodeId): boolean {
    const { children, definition, path } = this.#node(id);
    const covers = (other: readonly string[]): boolean => other.every((name, i) => name === path[i]);
    return definition !== undefined && children.size === 0 && !this.#plan.replacedPaths.some(covers);
  }

  run(): Emitted {
    const { constants, places, builtins } = this.#shared;
    const defined = this.#plan.nodes.filter(({ definition }) => definition);
    const functions = defined.map(({ id, definition }) => this.#definition(id, definition as Definition));
    const query = this.#query();
    const nodes = defined.map(({ id }) => `${id}: n${id}`).join(", ");
    const objects = defined.filter(({ definition }) => definition?.kind === "object");
    const fills = objects.map(({ id }) => `${id}: p${id}`).join(", ");
    const source = [
      ...functions,
      query,
      ...this.#tables,
      `return { nodes: { ${nodes} }, fills: { ${fills} }, query };`,
    ].join("\n");
    return {
      source,
      constants: constants.items,
      places: places.items,
      builtins: builtins.items,
      indexes: this.#indexes.items,
    };
  }

  #definition(id: NodeId, definition: Definition): string {
    const clauses = definition.clauses.map((clause, i) => this.#clause(`n${id}c${i}`, clause, definition));
    const fallback = definition.fallback ? [this.#clause(`n${id}d`, definition.fallback, definition)] : [];
    const params = Array.from({ length: definition.arity }, (_, i) => `a${i}`);
    const isFunction = definition.kind === "function";
    const name = isFunction ? `n${id}` : `m${id}`;
    const whole = `function ${name}(${["f", ...params].join(", ")}) {\n${this.#whole(id, definition, params)}\n}`;
    const fill = definition.kind === "object" ? [this.#fill(id, definition)] : [];
    return [...clauses, ...fallback, ...fill, whole, ...(isFunction ? [] : [memoized(id)])].join("\n");
  }

  /** Puts what the rules of an object say into one that others fill too. */
  #fill(id: NodeId, { clauses }: Definition): string {
    return `function p${id}(f, r) {\n${this.#each(id, clauses, (call) => `${call};`)}\n}`;
  }

  #whole(id: NodeId, definition: Definition, params: readonly string[]): string {
    const { kind, clauses } = definition;
    if (kind === "object") return `const r = new PartialObject(keyConflict); p${id}(f, r); return r.build();`;
    if (kind === "set") {
      return `const r = new RegoSet();\n${this.#each(id, clauses, (call) => `${call};`)}\nreturn r;`;
    }
    const args = ["f", ...params].join(", ");
    const decides = sameConstant(clauses);
    const take = (call: string, at: string): string =>
      decides
        ? `if ((s = ${call}) !== undefined) return s;`
        : `if ((s = ${call}) !== undefined) { if (r === undefined) r = s; else if (r !== s && !equal(r, s)) conflict(${JSON.stringify(kind)}, ${at}); }`;
    const fallback = definition.fallback ? `n${id}d(${args})` : "undefined";
    return `let r, s;\n${this.#each(id, clauses, take, params)}\nreturn r === undefined ? ${fallback} : r;`;
  }

  /** Code for every clause that can hold, in order: through an index where there is one. */
  #each(
    id: NodeId,
    clauses: readonly Clause[],
    use: (call: string, at: string) => string,
    params: readonly string[] = ["r"],
  ): string {
    const args = ["f", ...params].join(", ");
    const index = planIndex(clauses);
    const places = clauses.map(({ at }) => `P[${this.#shared.places.number(at)}]`);
    if (!index) return clauses.map((_, i) => use(`n${id}c${i}(${args})`, places[i] ?? "")).join("\n");
    const root = index.subject.root === "input" ? "f.input" : params[index.subject.root];
    const list = `const c${id} = [${clauses.map((_, i) => `n${id}c${i}`).join(", ")}], q${id} = [${places.join(", ")}];`;
    this.#tables.push(list);
    const body = use(`c${id}[i](${args})`, `q${id}[i]`);
    return `for (const i of select(I[${this.#indexes.number(index)}], ${root})) { ${body} }`;
  }

  #conflict({ at }: Clause, { kind }: Definition): string {
    return `conflict(${JSON.stringify(kind)}, P[${this.#shared.places.number(at)}]);`;
  }

  #clause(name: string, clause: Clause, definition: Definition): string {
    const isPartial = definition.kind === "set" || definition.kind === "object";
    const params = isPartial ? ["r"] : clause.params.map((register) => `v${register}`);
    const otherwise = clause.otherwise ? [this.#clause(`${name}e`, clause.otherwise, definition)] : [];
    const body = isPartial ? this.#adding(clause, definition) : this.#yielding(name, clause, definition);
    const code = `function ${name}(${["f", ...params].join(", ")}) {\nconst e = f.evaluation; if (--e.fuel < 0) e.refuel();\n${body}\n}`;
    return [...otherwise, code].join("\n");
  }

  #adding({ steps, yields, path, isMember }: Clause, { kind }: Definition): string {
    const emitter = new StepEmitter(this.#shared);
    const value = emitter.operand(yields);
    const keys = `[${path.map((part) => emitter.operand(part)).join(", ")}]`;
    const insert = `r.${isMember ? "insertMember" : "insert"}(${keys}, ${value});`;
    const block = emitter.block(steps, "return;", () => (kind === "set" ? `r.add(${value});` : insert));
    return [...emitter.prelude, block].join("\n");
  }

  #yielding(name: string, clause: Clause, definition: Definition): string {
    const emitter = new StepEmitter(this.#shared);
    const value = emitter.operand(clause.yields);
    const args = ["f", ...(clause.otherwise?.params.map((_, i) => `v${clause.params[i]}`) ?? [])].join(", ");
    const otherwise = clause.otherwise ? `${name}e(${args})` : "undefined";
    const isOnce = clause.yields.kind === "constant" || !clause.steps.some(isLoop);
    if (isOnce) {
      const label = emitter.label();
      const block = emitter.block(clause.steps, `break ${label};`, () => `return ${value};`);
      return [...emitter.prelude, `${label}: {\n${block}}\nreturn ${otherwise};`].join("\n");
    }
    const label = emitter.label();
    const conflict = this.#conflict(clause, definition);
    const keep = `if (r === undefined) r = ${value}; else if (r !== ${value} && !equal(r, ${value})) ${conflict}`;
    const block = emitter.block(clause.steps, `break ${label};`, () => keep);
    const declared = ["let r;", ...emitter.prelude].join(" ");
    return `${declared} ${label}: {\n${block}}\nreturn r === undefined ? ${otherwise} : r;`;
  }

  #query(): string {
    const { steps, bindings, expressions } = this.#plan.query;
    const emitter = new StepEmitter(this.#shared);
    const list = (operands: readonly Operand[]): string =>
      `[${operands.map((one) => emitter.operand(one)).join(", ")}]`;
    const bound = list(bindings.map(([, operand]) => operand));
    const shown = list(expressions.map(({ value }) => value));
    const block = emitter.block(steps, "return;", () => `found(${bound}, ${shown});`);
    return `function query(f, found) {\nconst e = f.evaluation;\n${block}\n}`;
  }
}

function memoized(id: NodeId): string {
  return [
    `function n${id}(f) {`,
    `const known = f.memo[${id}];`,
    `if (known !== undefined) return known === undefinedRule ? undefined : known;`,
    `const value = m${id}(f);`,
    `f.memo[${id}] = value === undefined ? undefinedRule : value;`,
    "return value;",
    "}",
  ].join("\n");
}

function isLoop({ op }: Step): boolean {
  return op === "scan" || op === "scanNode";
}

/** All clauses yield one constant: the first that holds decides. */
function sameConstant(clauses: readonly Clause[]): boolean {
  const [first] = clauses;
  return clauses.every(({ yields, otherwise }) => {
    if (otherwise || yields.kind !== "constant" || first?.yields.kind !== "constant") return false;
    return yields.value === first.yields.value;
  });
}

function unknownBuiltin(name: string): never {
  throw new RegoFault("rego/capability", `the builtin ${name} is not loaded`);
}
