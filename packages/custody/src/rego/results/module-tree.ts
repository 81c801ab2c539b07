import { builtinRef } from "../syntax/index.ts";
import type { Body, Expr, Head, Import, Module, Rule, Term, With } from "../syntax/index.ts";
import { compareTerms } from "../syntax/term-order.ts";
import { termText } from "../values/index.ts";

/** A line, and the lines below it. */
interface Branch {
  readonly text: string;
  readonly inner: readonly Branch[];
}

/** The syntax of a module as `opa parse` prints it: a line a node, one space a level. */
export function moduleTree({ package: path, imports, rules, annotations, comments }: Module): string {
  const names = ["data", ...path.map((name) => termText(name))].map(leaf);
  const notes = [...annotations.map(() => leaf("annotations")), ...comments.map(() => leaf("comment"))];
  const inner = [
    branch("package", [branch("ref", names)]),
    ...imports.map(importBranch),
    ...rules.map(ruleBranch),
    ...notes,
  ];
  return linesOf(branch("module", inner), 0)
    .map((line) => `${line}\n`)
    .join("");
}

function linesOf({ text, inner }: Branch, depth: number): readonly string[] {
  return [" ".repeat(depth) + text, ...inner.flatMap((one) => linesOf(one, depth + 1))];
}

function leaf(text: string): Branch {
  return { text, inner: [] };
}

function branch(text: string, inner: readonly Branch[]): Branch {
  return { text, inner };
}

function importBranch({ path: [root = "", ...names], alias = "" }: Import): Branch {
  const ref = branch("ref", [leaf(root), ...names.map((name) => leaf(termText(name)))]);
  return branch("import", [ref, leaf(alias)]);
}

function ruleBranch({ head, body, elseRule }: Rule): Branch {
  const otherwise = elseRule ? [ruleBranch(elseRule)] : [];
  return branch("rule", [headBranch(head), bodyBranch(body), ...otherwise]);
}

function headBranch({ ref, args = [], element, value }: Head): Branch {
  return branch("head", [
    branch("ref", ref.map(termBranch)),
    ...(args.length > 0 ? [branch("args", args.map(termBranch))] : []),
    ...(element ? [] : [termBranch(value)]),
  ]);
}

function bodyBranch(body: Body): Branch {
  return branch("body", body.map(exprBranch));
}

function exprBranch(expr: Expr, index: number): Branch {
  const text = `expr ${expr.negated ? "negated " : ""}index=${index}`;
  return branch(text, [...formBranches(expr), ...expr.with.map(withBranch)]);
}

function withBranch({ target, value }: With): Branch {
  return branch("with", [termBranch(target), termBranch(value)]);
}

function formBranches(expr: Expr): readonly Branch[] {
  switch (expr.form) {
    case "term":
      return [termBranch(expr.term)];
    case "call":
      return [expr.operator, ...expr.args].map(termBranch);
    case "some":
      return [branch("somedecl", expr.symbols.map(termBranch))];
    case "some-in": {
      const args = [...(expr.key ? [expr.key] : []), expr.value, expr.domain];
      const operator = builtinRef(`internal.member_${args.length}`, expr.at);
      return [branch("somedecl", [branch("call", [operator, ...args].map(termBranch))])];
    }
    case "every": {
      const terms = [...(expr.key ? [expr.key] : []), expr.value, expr.domain].map(termBranch);
      return [branch("every", [...terms, bodyBranch(expr.body)])];
    }
    default:
      return [branch("not", [bodyBranch(expr.body)])];
  }
}

function termBranch(term: Term): Branch {
  switch (term.kind) {
    case "scalar":
      return leaf(termText(term.value));
    case "var":
      return leaf(term.name);
    case "ref":
      return branch("ref", [term.head, ...term.path].map(termBranch));
    case "call":
      return branch("call", [term.operator, ...term.args].map(termBranch));
    case "array":
      return branch("array", term.items.map(termBranch));
    case "set":
      return branch("set", term.items.toSorted(compareTerms).map(termBranch));
    case "object":
      return branch(
        "object",
        term.items
          .toSorted(([a], [b]) => compareTerms(a, b))
          .flat()
          .map(termBranch),
      );
    case "object-comprehension":
      return branch("objectcomprehension", [
        termBranch(term.key),
        termBranch(term.value),
        bodyBranch(term.body),
      ]);
    case "template":
      return leaf("templatestring");
    default:
      return branch(term.kind.replace("-", ""), [termBranch(term.item), bodyBranch(term.body)]);
  }
}
