import type { Body, Expr, RefTerm, Term, With } from "../syntax/index.ts";

export interface Mapping {
  readonly term: (term: Term) => Term;
  readonly body: (body: Body) => Body;
}

/** The term with what is directly inside of it mapped. */
export function mapInside(term: Term, { term: map, body }: Mapping): Term {
  switch (term.kind) {
    case "scalar":
    case "var":
      return term;
    case "ref":
      return mapRef(term, map);
    case "array":
    case "set":
      return { ...term, items: term.items.map(map) };
    case "object":
      return { ...term, items: term.items.map(([key, value]) => [map(key), map(value)]) };
    case "array-comprehension":
    case "set-comprehension": {
      const mapped = body(term.body);
      return { ...term, body: mapped, item: map(term.item) };
    }
    case "object-comprehension": {
      const mapped = body(term.body);
      return { ...term, body: mapped, key: map(term.key), value: map(term.value) };
    }
    case "call":
      return { ...term, operator: mapRef(term.operator, map), args: term.args.map(map) };
    default:
      return {
        ...term,
        parts: term.parts.map((part) => (typeof part === "string" ? part : mapPart(part, body))),
      };
  }
}

function mapPart(part: Expr, body: Mapping["body"]): Expr {
  return body([part])[0] ?? part;
}

export function mapRef(ref: RefTerm, map: Mapping["term"]): RefTerm {
  const head = map(ref.head);
  const path = ref.path.map(map);
  if (head.kind === "ref") return { ...ref, head: head.head, path: [...head.path, ...path] };
  return { ...ref, head, path };
}

/** The expression with its terms and bodies mapped. */
export function mapExpr(expr: Expr, mapping: Mapping): Expr {
  const withs = expr.with.map((one) => mapWith(one, mapping));
  const { term, body } = mapping;
  switch (expr.form) {
    case "term":
      return { ...expr, with: withs, term: term(expr.term) };
    case "call":
      return { ...expr, with: withs, operator: mapRef(expr.operator, term), args: expr.args.map(term) };
    case "every":
      return { ...expr, with: withs, domain: term(expr.domain), body: body(expr.body) };
    case "not":
      return { ...expr, with: withs, body: body(expr.body) };
    case "some-in":
      return { ...expr, with: withs, domain: term(expr.domain) };
    default:
      return expr;
  }
}

function mapWith(one: With, { term }: Mapping): With {
  return { ...one, target: term(one.target), value: term(one.value) };
}
