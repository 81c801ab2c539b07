import { objectOf } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import type { Body, Expr, Head, Import, Module, Rule, Term, With } from "./ast.ts";
import { compareTerms } from "./term-order.ts";
import { builtinRef, termName } from "./terms.ts";

type Members = Readonly<Record<string, RegoValue | undefined>>;

/** A module as `opa parse --format json` and `rego.parse_module` show it. */
export function moduleJson(module: Module): RegoValue {
  const { package: path, imports, rules, annotations, comments } = module;
  return made({
    package: { path: pathJson(["data", ...path]) },
    imports: optional(imports.map(importJson)),
    annotations: optional(annotations.map(({ value }) => value)),
    rules: optional(rules.map(ruleJson)),
    comments: optional(
      comments.map(({ text, row, col }) => ({
        Text: base64(text),
        Location: { file: module.file, row, col },
      })),
    ),
  });
}

/** The object of the members that are not undefined. */
function made(members: Members): RegoValue {
  return objectOf(
    Object.entries(members).filter((entry): entry is [string, RegoValue] => entry[1] !== undefined),
  );
}

function optional(items: readonly RegoValue[]): RegoValue | undefined {
  return items.length > 0 ? items : undefined;
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}

function pathJson([root = "", ...names]: readonly string[]): RegoValue {
  return [{ type: "var", value: root }, ...names.map((name) => ({ type: "string", value: name }))];
}

function importJson({ path, alias }: Import): RegoValue {
  return made({ alias, path: { type: "ref", value: pathJson(path) } });
}

/** A rule. */
export function ruleJson({ isDefault, head, body, elseRule }: Rule): RegoValue {
  return made({
    body: bodyJson(body),
    default: isDefault || undefined,
    else: elseRule && ruleJson(elseRule),
    head: headJson(head),
  });
}

function headJson(head: Head): RegoValue {
  const { ref, args, element, value, assign, generatedValue, keywords } = head;
  const [first, second] = ref;
  const keyed = ref.length === 2 && !args && second !== undefined;
  const key = keyed && (second.kind !== "scalar" || !keywords.includes("if")) ? second : undefined;
  const named = ref.length === 1 || (keyed && !generatedValue);
  return made({
    name: named && first?.kind === "var" ? first.name : undefined,
    args: args && optional(args.map(termJson)),
    key: element ? termJson(element) : key && termJson(key),
    value: element ? undefined : termJson(value),
    assign: assign || undefined,
    ref: ref.map(termJson),
  });
}

/** A body, such as that of a query. */
export function bodyJson(body: Body): RegoValue {
  return body.map(exprJson);
}

/** One expression of a body. */
export function exprJson(expr: Expr, index = 0): RegoValue {
  return made({
    index,
    negated: expr.negated || undefined,
    terms: termsJson(expr),
    with: optional(expr.with.map(withJson)),
  });
}

function withJson({ target, value }: With): RegoValue {
  return { target: termJson(target), value: termJson(value) };
}

function termsJson(expr: Expr): RegoValue {
  switch (expr.form) {
    case "term":
      return termJson(expr.term);
    case "call":
      return [expr.operator, ...expr.args].map(termJson);
    case "some":
      return { symbols: expr.symbols.map(termJson) };
    case "some-in":
      return { symbols: [termJson(membership(expr))] };
    case "every":
      return {
        body: bodyJson(expr.body),
        domain: termJson(expr.domain),
        key: expr.key ? termJson(expr.key) : null,
        value: termJson(expr.value),
      };
    default:
      return { body: bodyJson(expr.body), type: "not" };
  }
}

function membership({ key, value, domain, at }: Expr & { form: "some-in" }): Term {
  const args = key ? [key, value, domain] : [value, domain];
  return { kind: "call", operator: builtinRef(`internal.member_${args.length}`, at), args, at };
}

/** A term: its type, and its value in the way of that type. */
export function termJson(term: Term): RegoValue {
  return { type: termName(term), value: valueJson(term) };
}

function valueJson(term: Term): RegoValue {
  switch (term.kind) {
    case "scalar":
      return term.value === null ? {} : term.value;
    case "var":
      return term.name;
    case "ref":
      return [term.head, ...term.path].map(termJson);
    case "array":
      return term.items.map(termJson);
    case "set":
      return term.items.toSorted(compareTerms).map(termJson);
    case "object":
      return term.items.toSorted(([a], [b]) => compareTerms(a, b)).map((item) => item.map(termJson));
    case "call":
      return [term.operator, ...term.args].map(termJson);
    case "object-comprehension":
      return { key: termJson(term.key), value: termJson(term.value), body: bodyJson(term.body) };
    case "template":
      return {
        parts: term.parts.map(partJson),
        multi_line: term.multiLine,
      };
    default:
      return { term: termJson(term.item), body: bodyJson(term.body) };
  }
}

/** A part of a template; a scalar in braces is one without them too. */
function partJson(part: string | Expr): RegoValue {
  if (typeof part === "string") return { type: "string", value: part };
  const isScalar = part.form === "term" && part.term.kind === "scalar" && part.with.length === 0;
  return isScalar ? termJson(part.term) : exprJson(part);
}
