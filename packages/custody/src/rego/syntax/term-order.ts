import { compare } from "../values/index.ts";
import type { Term } from "./ast.ts";

/** Kinds of term in their order (OPA's `ast.Compare`); scalars come first, by value. */
const ranks: Readonly<Record<Term["kind"], number>> = {
  scalar: 0,
  template: 4,
  var: 5,
  ref: 6,
  array: 7,
  object: 8,
  set: 9,
  "array-comprehension": 10,
  "object-comprehension": 11,
  "set-comprehension": 12,
  call: 13,
};

/** Below zero, zero or above zero: the order in which OPA keeps the members of sets and objects. */
export function compareTerms(a: Term, b: Term): number {
  if (a.kind !== b.kind) return ranks[a.kind] - ranks[b.kind];
  if (a.kind === "scalar") return compare(a.value, (b as typeof a).value);
  if (a.kind === "var") return compare(a.name, (b as typeof a).name);
  return compareLists(partsOf(a), partsOf(b));
}

function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case "ref":
      return [term.head, ...term.path];
    case "call":
      return [term.operator, ...term.args];
    case "array":
    case "set":
      return term.items;
    case "object":
      return term.items.flat();
    case "object-comprehension":
      return [term.key, term.value];
    case "array-comprehension":
    case "set-comprehension":
      return [term.item];
    default:
      return [];
  }
}

function compareLists(a: readonly Term[], b: readonly Term[]): number {
  for (const [i, term] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = compareTerms(term, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
