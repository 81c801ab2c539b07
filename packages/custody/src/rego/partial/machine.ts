import type { Builtin } from "../builtins/builtin.ts";
import type { RuleTree } from "../plan/rule-tree.ts";
import type { Frame, RuntimeNode } from "../runtime/index.ts";
import type { Bindings } from "./bindings.ts";
import type { Instantiation } from "./instantiate.ts";
import type { Saves } from "./saves.ts";
import type { Support } from "./support.ts";
import type { Body, Place, Term } from "./terms.ts";
import type { Unknowns } from "./unknowns.ts";

/** What to do with each solution; when it returns, the next one is looked for. */
export type Next = () => void;

/** What all parts of one partial evaluation share. */
export interface Machine {
  readonly tree: RuleTree;
  /** The same tree, able to run: what is known is worked out by the ordinary evaluator. */
  readonly nodes: readonly RuntimeNode[];
  readonly builtins: ReadonlyMap<string, Builtin>;
  readonly bindings: Bindings;
  readonly saves: Saves;
  readonly support: Support;
  readonly instantiation: Instantiation;
  /** No rule that depends on what is unknown is put in the place of references to it. */
  readonly isShallow: boolean;
  /** What is known; another one inside of a `with`. */
  readonly frame: Frame;
  readonly unknowns: Unknowns;
  /** All solutions of a body. */
  body(body: Body, next: Next): void;
  /** All ways in which two terms are equal. */
  unify(a: Term, b: Term, place: Place, next: Next): void;
  /** Goes on when a term is defined and not false. */
  test(term: Term, place: Place, next: Next): void;
  /** Saves that two terms are equal: what is unbound in them is unknown from then on. */
  saveEquality(a: Term, b: Term, place: Place, next: Next): void;
  /** Simplifies what was saved; `live` are the variables that others know. */
  simplified(body: Body, live: ReadonlySet<string>): Body;
}
