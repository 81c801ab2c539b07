import type { Location } from "../syntax/index.ts";
import type { TraceNode, TracePoint } from "../runtime/index.ts";
import type { RegoValue } from "../values/index.ts";

/*
 * What a body does, step by step, with every decision about bound and unbound variables made. Both back ends, the
 * JavaScript one and the closures, run these steps.
 */

/** A place for one value within a rule's body. */
export type Register = number;

export type Operand =
  | { readonly kind: "register"; readonly register: Register }
  | { readonly kind: "constant"; readonly value: RegoValue };

/** A register that holds a context: input, data, and what `with` has replaced. */
export type ContextRegister = Register;

/** The number of a node in the tree of rules. */
export type NodeId = number;

/**
 * One step. A step that cannot go on fails: the nearest loop around it tries its next turn, and where there is none
 * the block is over. What follows a step that loops (`scan`, `scanNode`) is inside of its loop.
 */
export type Step =
  | { readonly op: "fail" }
  | { readonly op: "input"; readonly to: Register; readonly context: ContextRegister }
  /** What data has at a path, where no rule defines anything. */
  | {
      readonly op: "data";
      readonly to: Register;
      readonly context: ContextRegister;
      readonly path: readonly string[];
    }
  /** The whole document of a node: the value of its rules, or an object of everything below it. */
  | { readonly op: "node"; readonly to: Register; readonly context: ContextRegister; readonly node: NodeId }
  /** Every document below a node along a path; undefined in the pattern stands for any key. */
  | {
      readonly op: "scanNode";
      readonly to: Register;
      readonly context: ContextRegister;
      readonly node: NodeId;
      readonly pattern: readonly (Operand | undefined)[];
      readonly keys: readonly (Register | undefined)[];
    }
  | { readonly op: "get"; readonly to: Register; readonly from: Operand; readonly key: Operand }
  | {
      readonly op: "scan";
      readonly from: Operand;
      readonly key: Register | undefined;
      readonly value: Register | undefined;
    }
  | { readonly op: "equal"; readonly a: Operand; readonly b: Operand }
  /** Fails unless the member is in the collection. */
  | { readonly op: "isMember"; readonly member: Operand; readonly of: Operand }
  /** Tells whoever follows the evaluation that it has come here. */
  | { readonly op: "mark"; readonly at: Location }
  | TraceStep
  /** Fails for `false`. */
  | { readonly op: "holds"; readonly from: Operand }
  | { readonly op: "array"; readonly to: Register; readonly items: readonly Operand[] }
  | { readonly op: "set"; readonly to: Register; readonly items: readonly Operand[] }
  | {
      readonly op: "object";
      readonly to: Register;
      readonly items: readonly (readonly [Operand, Operand])[];
    }
  /** Fails for what is no array of this length. */
  | { readonly op: "isArray"; readonly from: Operand; readonly length: number }
  /** Fails for what is no object of this many keys. */
  | { readonly op: "isObject"; readonly from: Operand; readonly size: number }
  | CallStep
  | InvokeStep
  /** Fails when the body succeeds. */
  | { readonly op: "not"; readonly body: readonly Step[] }
  | ComprehensionStep
  /** Fails when the body fails for one member. */
  | {
      readonly op: "every";
      readonly from: Operand;
      readonly key: Register | undefined;
      readonly value: Register;
      readonly body: readonly Step[];
    }
  | WithStep;

/** Passes a point of an evaluation that is traced; only closures do. */
export interface TraceStep {
  readonly op: "trace";
  readonly point: TracePoint;
  readonly node: TraceNode;
  readonly at: Location;
  /** The variables that are bound there. */
  readonly locals: readonly (readonly [name: string, value: Operand])[];
  /** Of a note. */
  readonly message: Operand | undefined;
}

export interface CallStep {
  readonly op: "call";
  readonly to: Register;
  readonly context: ContextRegister;
  readonly builtin: string;
  readonly args: readonly Operand[];
  readonly at: Location;
}

export interface InvokeStep {
  readonly op: "invoke";
  readonly to: Register;
  readonly context: ContextRegister;
  readonly node: NodeId;
  readonly args: readonly Operand[];
  readonly at: Location;
}

export interface ComprehensionStep {
  readonly op: "comprehension";
  readonly to: Register;
  readonly makes: "array" | "set" | "object";
  readonly body: readonly Step[];
  /** The item, or the key and the value. */
  readonly yields: readonly Operand[];
  /** Evaluated once for a whole rule body, and looked up: what it finds is grouped by, and what is asked for. */
  readonly groups?: readonly { readonly by: Operand; readonly found: Operand }[];
  readonly at: Location;
}

/** A new context in which some things are others. */
export interface WithStep {
  readonly op: "with";
  readonly to: ContextRegister;
  readonly from: ContextRegister;
  readonly replacements: readonly Replacement[];
}

export type Replacement =
  | { readonly what: "input"; readonly path: readonly string[]; readonly value: Operand }
  | { readonly what: "data"; readonly path: readonly string[]; readonly value: Operand }
  /** A function or builtin, by its full name, answers with a value whatever it is asked. */
  | { readonly what: "value"; readonly name: string; readonly value: Operand }
  /** … or does what another function or builtin does. */
  | { readonly what: "function"; readonly name: string; readonly by: string };

/** One body of a rule and what it yields. */
export interface Clause {
  /** The registers of the arguments. */
  readonly params: readonly Register[];
  readonly steps: readonly Step[];
  /** Of a complete rule or function: its value. Of a partial set: the member. Of a partial object: the value or member. */
  readonly yields: Operand;
  /** The keys of a partial object, outermost first. */
  readonly path: readonly Operand[];
  /** The member goes into a set at the path, instead of being the value there. */
  readonly isMember: boolean;
  /** Tried when this clause is undefined. */
  readonly otherwise: Clause | undefined;
  readonly at: Location;
}

export type DefinitionKind = "complete" | "function" | "set" | "object";

/** All the rules of one name. */
export interface Definition {
  readonly kind: DefinitionKind;
  /** `data.p.q`. */
  readonly name: string;
  readonly arity: number;
  readonly clauses: readonly Clause[];
  readonly fallback: Clause | undefined;
}

/** A place in the tree of all that rules define. */
export interface PlanNode {
  readonly id: NodeId;
  readonly path: readonly string[];
  readonly children: ReadonlyMap<string, NodeId>;
  readonly definition: Definition | undefined;
}

export interface QueryPlan {
  readonly steps: readonly Step[];
  readonly bindings: readonly (readonly [name: string, value: Operand])[];
  readonly expressions: readonly { readonly text: string; readonly at: Location; readonly value: Operand }[];
}

/** Everything that a query needs, ready to run. */
export interface Plan {
  readonly nodes: readonly PlanNode[];
  readonly query: QueryPlan;
  /** Functions and builtins that some `with` replaces, by name: calls of these look first. */
  readonly replacedFunctions: ReadonlySet<string>;
  /** Paths below data that some `with` replaces. */
  readonly replacedPaths: readonly (readonly string[])[];
}

/** The register of the context that a body begins with. */
export const ownContext: ContextRegister = 0;
