import type { Body, Expr, Location, Rule } from "../syntax/index.ts";
import type { RegoValue } from "../values/index.ts";

/** What an event is about: a rule by its path, a body (of a query, a comprehension, `not` …), or one expression. */
export type TraceNode =
  | { readonly kind: "rule"; readonly rule: Rule; readonly path: readonly string[] }
  | { readonly kind: "body"; readonly body: Body }
  | { readonly kind: "expr"; readonly expr: Expr };

/** Where an evaluation is: at the beginning or the end of a query, before an expression, past it, or at a note. */
export type TracePoint = "enter" | "exit" | "eval" | "held" | "note";

export type TraceOp = "Enter" | "Eval" | "Exit" | "Fail" | "Note" | "Redo";

/** Something that happened in an evaluation, as OPA's topdown tells it. */
export interface TraceEvent {
  readonly op: TraceOp;
  readonly node: TraceNode;
  /** The query that it happened in, and the one that asked for that; the first is its own. */
  readonly queryId: number;
  readonly parentId: number;
  readonly at: Location;
  /** The variables that have values now, by the names that the compiler gave them. */
  readonly locals: readonly (readonly [name: string, value: RegoValue])[];
  /** Of a note. */
  readonly message: string;
}

/** A point as a plan has it. */
interface Passed {
  readonly point: TracePoint;
  readonly node: TraceNode;
  readonly at: Location;
}

interface Query {
  readonly id: number;
  readonly parent: number;
}

const outermost: Query = { id: 0, parent: 0 };

/** Makes events of the points that one evaluation passes. */
export class Tracer {
  readonly #tell: (event: TraceEvent) => void;
  readonly #queries: Query[] = [];
  /** Of the expressions that are under way: whether they held. */
  readonly #held: boolean[] = [];
  #count = 0;

  constructor(tell: (event: TraceEvent) => void) {
    this.#tell = tell;
  }

  /**
   * Passes a point; `next` is all that comes after it, and says whether what was wanted is found: then nothing is tried
   * again.
   */
  pass(passed: Passed, see: () => Pick<TraceEvent, "locals" | "message">, next: () => boolean): boolean {
    const emit = (op: TraceOp): void => {
      const { id, parent } = this.#queries.at(-1) ?? outermost;
      this.#tell({ op, node: passed.node, at: passed.at, queryId: id, parentId: parent, ...see() });
    };
    switch (passed.point) {
      case "enter":
        return this.#within(() => {
          emit("Enter");
          return next();
        });
      case "eval":
        return this.#evaluate(emit, next);
      case "note":
        emit("Note");
        return next();
      default: {
        if (passed.point === "exit") emit("Exit");
        else this.#held[this.#held.length - 1] = true;
        const isFound = next();
        if (!isFound) emit("Redo");
        return isFound;
      }
    }
  }

  #within(work: () => boolean): boolean {
    const id = this.#count++;
    this.#queries.push({ id, parent: this.#queries.at(-1)?.id ?? id });
    const isFound = work();
    this.#queries.pop();
    return isFound;
  }

  #evaluate(emit: (op: TraceOp) => void, next: () => boolean): boolean {
    emit("Eval");
    this.#held.push(false);
    const isFound = next();
    if (!this.#held.pop()) emit("Fail");
    return isFound;
  }
}
