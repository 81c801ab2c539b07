import { operatorName } from "../compile/build.ts";
import type { Body, Expr, Term } from "../syntax/index.ts";
import { numberText, quote } from "../values/index.ts";

/** A body on one line, its variables as the user called them. */
export function bodyText(body: Body): string {
  return body.map(exprText).join("; ");
}

/** An expression as OPA shows it in traces: only equality stands between its operands. */
export function exprText(expr: Expr): string {
  const withs = expr.with.map(({ target, value }) => ` with ${termString(target)} as ${termString(value)}`);
  return `${expr.negated ? "not " : ""}${plainText(expr)}${withs.join("")}`;
}

function plainText(expr: Expr): string {
  switch (expr.form) {
    case "term":
      return termString(expr.term);
    case "call":
      return callText(operatorName(expr.operator) ?? "", expr.args);
    case "every": {
      const key = expr.key ? `${variableText(expr.key.name)}, ` : "";
      return `every ${key}${termString(expr.value)} in ${termString(expr.domain)} { ${bodyText(expr.body)} }`;
    }
    case "not":
      return `not { ${bodyText(expr.body)} }`;
    case "some":
      return `some ${list(expr.symbols)}`;
    default:
      return `some ${list([...(expr.key ? [expr.key] : []), expr.value])} in ${termString(expr.domain)}`;
  }
}

function callText(name: string, args: readonly Term[]): string {
  const isEquality = (name === "eq" || name === "assign") && args.length === 2;
  if (isEquality) return args.map(termString).join(" = ");
  return `${name}(${list(args)})`;
}

function list(terms: readonly Term[]): string {
  return terms.map(termString).join(", ");
}

function termString(term: Term): string {
  switch (term.kind) {
    case "scalar":
      return scalarText(term.value);
    case "var":
      return variableText(term.name);
    case "ref":
      return termString(term.head) + term.path.map(partText).join("");
    case "array":
      return `[${list(term.items)}]`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${list(term.items)}}`;
    case "object":
      return `{${term.items.map((item) => item.map(termString).join(": ")).join(", ")}}`;
    case "call":
      return callText(operatorName(term.operator) ?? "", term.args);
    case "template":
      return "$…";
    case "array-comprehension":
      return `[${termString(term.item)} | ${bodyText(term.body)}]`;
    case "set-comprehension":
      return `{${termString(term.item)} | ${bodyText(term.body)}}`;
    default:
      return `{${termString(term.key)}: ${termString(term.value)} | ${bodyText(term.body)}}`;
  }
}

function scalarText(value: (Term & { kind: "scalar" })["value"]): string {
  if (value === null || typeof value === "boolean") return String(value);
  return typeof value === "string" ? quote(value) : numberText(value);
}

function partText(part: Term): string {
  const name = part.kind === "scalar" && typeof part.value === "string" ? part.value : "";
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${termString(part)}]`;
}

/** A variable as the user wrote it; one of the compiler's own as OPA calls those. */
export function variableText(name: string): string {
  if (name.startsWith("$")) return "_";
  if (name.startsWith("#")) return `__local${name.slice(1)}__`;
  return name.replace(/#\d+$/, "");
}
