import { entries } from "../runtime/index.ts";
import { isArray, isObject, kindName, objectEntries } from "../values/index.ts";
import type { KindName, RegoValue } from "../values/index.ts";
import type { Machine, Next } from "./machine.ts";
import { known, sameTerm } from "./terms.ts";
import type { Pair, Place, Reference, Term } from "./terms.ts";

/** The ways in which documents can be looked up. */
export interface Lookups {
  /** Every value that a reference has, unified with a term. */
  readonly reference: (ref: Reference, result: Term, place: Place, next: Next) => void;
  /** True when a reference's own value is unknown. */
  readonly isSaved: (ref: Reference) => boolean;
  /** The value of a comprehension, unified with a term. */
  readonly comprehension: (term: Term & { kind: "comprehension" }, next: (value: Term) => void) => void;
}

/** Makes terms equal, in every way in which they can be; what is unknown is saved. */
export class Unifier {
  readonly #machine: Machine;
  readonly #lookups: Lookups;

  constructor(machine: Machine, lookups: Lookups) {
    this.#machine = machine;
    this.#lookups = lookups;
  }

  unify(left: Term, right: Term, place: Place, next: Next): void {
    const { bindings } = this.#machine;
    const [a, b] = [bindings.walk(left), bindings.walk(right)];
    const [isASaved, isBSaved] = [this.#isSaved(a), this.#isSaved(b)];
    if (a.kind === "ref" && !isASaved) return this.#lookups.reference(a, b, place, next);
    if (b.kind === "ref" && !isBSaved) return this.#lookups.reference(b, a, place, next);
    if (areUnlike(a, b)) return;
    if (isASaved || isBSaved) return this.#machine.saveEquality(a, b, place, next);
    if (a.kind === "comprehension") {
      return this.#lookups.comprehension(a, (value) => this.#settled(value, b, place, next));
    }
    if (b.kind === "comprehension") {
      return this.#lookups.comprehension(b, (value) => this.#settled(a, value, place, next));
    }
    this.#plain(a, b, place, next);
  }

  /** What a comprehension has become is looked at again only where it has become a value. */
  #settled(a: Term, b: Term, place: Place, next: Next): void {
    if (a.kind === "comprehension" || b.kind === "comprehension") {
      this.#machine.saveEquality(a, b, place, next);
    } else this.unify(a, b, place, next);
  }

  #isSaved(term: Term): boolean {
    if (term.kind === "var") return this.#machine.saves.has(term.name);
    if (term.kind === "ref") return this.#lookups.isSaved(term);
    return term.kind === "set" && this.#machine.saves.isUnknown(term);
  }

  #plain(a: Term, b: Term, place: Place, next: Next): void {
    const { bindings } = this.#machine;
    if (a.kind === "var") {
      if (b.kind === "var" && a.name === b.name) next();
      else bindings.with(a.name, b, next);
    } else if (b.kind === "var") bindings.with(b.name, a, next);
    else if (a.kind === "array" || b.kind === "array") this.#arrays(a, b, place, next);
    else if (a.kind === "object" || b.kind === "object") this.#objects(a, b, place, next);
    else if (sameTerm(bindings.plug(a), bindings.plug(b))) next();
  }

  #arrays(a: Term, b: Term, place: Place, next: Next): void {
    const [left, right] = [itemsOf(a), itemsOf(b)];
    if (left && right && left.length === right.length) this.#each([left, right], place, next);
  }

  #each([left, right]: readonly [readonly Term[], readonly Term[]], place: Place, next: Next): void {
    const [first, second] = [left[0], right[0]];
    if (!first || !second) return next();
    this.unify(first, second, place, () => this.#each([left.slice(1), right.slice(1)], place, next));
  }

  #objects(a: Term, b: Term, place: Place, next: Next): void {
    const [left, right] = [this.#pairsOf(a), this.#pairsOf(b)];
    if (!left || !right) return;
    const keys = [...left, ...right].map(([key]) => key);
    // A key that is unknown could be any.
    if (keys.some(({ kind }) => kind !== "known")) return this.#machine.saveEquality(a, b, place, next);
    if (left.length !== right.length) return;
    const others = left.map(([key]) => right.find(([other]) => sameTerm(key, other))?.[1]);
    if (others.some((other) => other === undefined)) return;
    this.#each([left.map(([, value]) => value), others as Term[]], place, next);
  }

  #pairsOf(term: Term): readonly Pair[] | undefined {
    if (term.kind === "known" && isObject(term.value)) {
      return objectEntries(term.value).map(([key, value]) => [known(key), known(value)]);
    }
    if (term.kind !== "object") return undefined;
    return term.items.map(([key, value]) => [this.#machine.bindings.plug(key), value]);
  }
}

/** True for terms that are of different kinds, whatever is unknown of them. */
function areUnlike(a: Term, b: Term): boolean {
  const [left, right] = [kindOf(a), kindOf(b)];
  return left !== undefined && right !== undefined && left !== right;
}

function kindOf(term: Term): KindName | undefined {
  switch (term.kind) {
    case "known":
      return kindName(term.value);
    case "array":
    case "set":
    case "object":
      return term.kind;
    case "comprehension":
      return term.makes;
    default:
      return undefined;
  }
}

function itemsOf(term: Term): readonly Term[] | undefined {
  if (term.kind === "known" && isArray(term.value)) return term.value.map(known);
  return term.kind === "array" ? term.items : undefined;
}

/** One member of a collection: its key, and itself. */
export type Member = readonly [key: Term, value: Term];

/** The members of a collection, known or not; undefined for what is none. */
export function membersOf(term: Term): readonly Member[] | undefined {
  switch (term.kind) {
    case "known":
      return membersOfValue(term.value);
    case "array":
      return term.items.map((item, i) => [known(i), item]);
    case "set":
      return term.items.map((item) => [item, item]);
    case "object":
      return term.items;
    default:
      return undefined;
  }
}

function membersOfValue(value: RegoValue): readonly Member[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { keys, values } = entries(value);
  return values.map((member, i) => [known(keys ? (keys[i] as RegoValue) : i), known(member)]);
}
