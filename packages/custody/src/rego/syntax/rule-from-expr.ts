import type { CallExpr, Expr, Head, RefTerm, Term } from "./ast.ts";
import { termName } from "./terms.ts";

/** The head of the rule that an expression at the top of a module stands for, or why it stands for none. */
export function headFromExpr(expr: Expr): Head | string {
  if (expr.with.length > 0) return "expressions using with keyword cannot be used for rule head";
  if (expr.negated || expr.form === "not") return "negated expressions cannot be used for rule head";
  switch (expr.form) {
    case "some":
    case "some-in":
      return "'some' declarations cannot be used for rule head";
    case "term":
      return headFromTerm(expr.term);
    case "call":
      return headFromCall(expr);
    default:
      return "expression cannot be used for rule head";
  }
}

function headFromTerm(term: Term): Head | string {
  if (term.kind !== "ref") return `${termName(term)} cannot be used for rule name`;
  const ref = refOf(term);
  if (!ref || ref.length === 1) return "refs cannot be used for rule head";
  const [name, element] = ref as readonly [Term, Term];
  if (ref.length === 2) return makeHead({ ref: [name], element }, term);
  return makeHead({ ref }, term);
}

function headFromCall({ operator, args, at }: CallExpr): Head | string {
  const name = operator.head.kind === "var" && operator.path.length === 0 ? operator.head.name : "";
  const [left, value] = args;
  if ((name === "eq" || name === "assign") && left && value)
    return headFromEquality(left, value, name === "assign");
  if (args.length === 0) return "rule argument list must take at least one argument";
  const ref = refOf(operator);
  return ref ? makeHead({ ref, args }, { at }) : "invalid rule head";
}

function headFromEquality(left: Term, value: Term, assign: boolean): Head | string {
  if (left.kind === "call") {
    const ref = refOf(left.operator);
    return ref ? makeHead({ ref, args: left.args, value, assign }, left) : "invalid rule head";
  }
  const ref = left.kind === "var" ? [left] : left.kind === "ref" ? refOf(left) : undefined;
  return ref ? makeHead({ ref, value, assign }, left) : `${termName(left)} cannot be used for rule name`;
}

function refOf({ head, path }: RefTerm): readonly Term[] | undefined {
  return head.kind === "var" ? [head, ...path] : undefined;
}

type Given = Pick<Head, "ref"> & Partial<Head>;

function makeHead(given: Given, { at }: Pick<Term, "at">): Head {
  const value: Term = given.value ?? { kind: "scalar", value: true, at };
  const rest = { args: undefined, element: undefined, assign: false, keywords: [] };
  return { ...rest, ...given, value, generatedValue: given.value === undefined, at };
}
