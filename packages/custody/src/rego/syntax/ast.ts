import type { AnyNumber } from "../values/index.ts";
import type { Annotation } from "./annotations.ts";
import type { Location } from "./location.ts";
import type { Comment } from "./token.ts";

/*
 * The syntax of Rego, named as OPA's `ast` package names it. Nodes are plain and are never changed in place: the
 * stages of the compiler make new ones.
 */

interface TermBase {
  readonly at: Location;
  /** The parentheses around it, and what they hold; those of the outermost pair. */
  readonly group?: Location;
}

export interface ScalarTerm extends TermBase {
  readonly kind: "scalar";
  readonly value: null | boolean | string | AnyNumber;
}

/** A variable. `_` has become a name of its own at each place: `$0`, `$1` … */
export interface VarTerm extends TermBase {
  readonly kind: "var";
  readonly name: string;
}

/** `head.a[b]`: the head is a variable, or a term that stands for itself (a call, an array, a comprehension …). */
export interface RefTerm extends TermBase {
  readonly kind: "ref";
  readonly head: Term;
  readonly path: readonly Term[];
}

export interface ArrayTerm extends TermBase {
  readonly kind: "array";
  readonly items: readonly Term[];
}

export interface SetTerm extends TermBase {
  readonly kind: "set";
  readonly items: readonly Term[];
}

export type ObjectItem = readonly [key: Term, value: Term];

export interface ObjectTerm extends TermBase {
  readonly kind: "object";
  readonly items: readonly ObjectItem[];
}

export interface ArrayComprehension extends TermBase {
  readonly kind: "array-comprehension";
  readonly item: Term;
  readonly body: Body;
}

export interface SetComprehension extends TermBase {
  readonly kind: "set-comprehension";
  readonly item: Term;
  readonly body: Body;
}

export interface ObjectComprehension extends TermBase {
  readonly kind: "object-comprehension";
  readonly key: Term;
  readonly value: Term;
  readonly body: Body;
}

/** A function call in a term; operators are calls of the builtin that they stand for. */
export interface CallTerm extends TermBase {
  readonly kind: "call";
  readonly operator: RefTerm;
  readonly args: readonly Term[];
}

/** `$"text {expr}"`; an expression that is undefined shows as `<undefined>`. */
export interface TemplateTerm extends TermBase {
  readonly kind: "template";
  readonly multiLine: boolean;
  readonly parts: readonly (string | Expr)[];
}

export type Comprehension = ArrayComprehension | SetComprehension | ObjectComprehension;

export type Term =
  | ScalarTerm
  | VarTerm
  | RefTerm
  | ArrayTerm
  | SetTerm
  | ObjectTerm
  | Comprehension
  | CallTerm
  | TemplateTerm;

/** `with target as value`. */
export interface With {
  readonly target: Term;
  readonly value: Term;
  readonly at: Location;
}

interface ExprBase {
  readonly negated: boolean;
  readonly with: readonly With[];
  readonly at: Location;
}

/** A term alone: it holds when it is defined and not false. */
export interface TermExpr extends ExprBase {
  readonly form: "term";
  readonly term: Term;
}

/** A call that is an expression; `a = b` and `a := b` are calls of `eq` and `assign`. */
export interface CallExpr extends ExprBase {
  readonly form: "call";
  readonly operator: RefTerm;
  readonly args: readonly Term[];
}

/** `some x, y`. */
export interface SomeExpr extends ExprBase {
  readonly form: "some";
  readonly symbols: readonly VarTerm[];
}

/** `some key, value in domain`. */
export interface SomeInExpr extends ExprBase {
  readonly form: "some-in";
  readonly key: Term | undefined;
  readonly value: Term;
  readonly domain: Term;
}

/** `every key, value in domain { body }`. */
export interface EveryExpr extends ExprBase {
  readonly form: "every";
  readonly key: VarTerm | undefined;
  readonly value: VarTerm;
  readonly domain: Term;
  readonly body: Body;
}

/** `not { body }` (`import future.keywords.not`). */
export interface NotExpr extends ExprBase {
  readonly form: "not";
  readonly body: Body;
}

export type Expr = TermExpr | CallExpr | SomeExpr | SomeInExpr | EveryExpr | NotExpr;

export type Body = readonly Expr[];

/** What a rule defines. */
export interface Head {
  /** The name and what follows it: `p.q[x]`. The first is a variable. */
  readonly ref: readonly Term[];
  /** Of a function. */
  readonly args: readonly Term[] | undefined;
  /** The member of a partial set: `p contains element`. */
  readonly element: Term | undefined;
  /** The value of any other rule. */
  readonly value: Term;
  readonly assign: boolean;
  /** No value was written: it is `true`. */
  readonly generatedValue: boolean;
  readonly keywords: readonly ("if" | "contains")[];
  readonly at: Location;
}

export interface Rule {
  readonly isDefault: boolean;
  readonly head: Head;
  readonly body: Body;
  /** No body was written: it is `true`. */
  readonly generatedBody: boolean;
  readonly elseRule: Rule | undefined;
  readonly at: Location;
}

export interface Import {
  /** Begins with `data`, `input`, `future` or `rego`. */
  readonly path: readonly string[];
  readonly alias: string | undefined;
  readonly at: Location;
}

export type RegoVersion = "v0" | "v1";

export interface Module {
  readonly file: string;
  readonly text: string;
  /** `v0v1` is a v0 module that imports `rego.v1`. */
  readonly version: RegoVersion | "v0v1";
  /** The path below `data`. */
  readonly package: readonly string[];
  readonly packageAt: Location;
  readonly imports: readonly Import[];
  readonly rules: readonly Rule[];
  readonly comments: readonly Comment[];
  /** In the order of the text; statements are numbered: the package, the imports, the rules. */
  readonly annotations: readonly Annotation[];
}
