import type { Head, Rule } from "./ast.ts";
import { baseKeywords, laterKeywords } from "./cursor.ts";
import type { Diagnostic } from "./diagnostics.ts";

/** What v1 forbids a rule that v0 lets it: bodies without `if`, partial sets without `contains`, names that are keywords. */
export function checkVersion(rule: Rule): Diagnostic[] {
  return [...messagesFor(rule)]
    .map((message): Diagnostic => ({ code: "rego_parse_error", message, at: rule.at }))
    .concat(rule.elseRule ? checkVersion(rule.elseRule) : []);
}

function* messagesFor({ head, generatedBody, isDefault }: Rule): Generator<string> {
  const kind = head.args ? "function" : "rule";
  yield* nameMessages(head);
  const partial = head.element !== undefined;
  // As OPA: `f("a")` alone is the function that is true of "a".
  if (generatedBody && head.generatedValue && !partial && !head.args) {
    yield "rule must have value assignment and/or body declaration";
  }
  if (!generatedBody && !head.keywords.includes("if") && !isDefault) {
    yield `\`if\` keyword is required before ${kind} body`;
  }
  if (partial && !head.keywords.includes("contains"))
    yield "`contains` keyword is required for partial set rules";
}

/** The names of v0 rules that v1 forbids. */
export function checkRuleName({ head, at }: Rule): Diagnostic[] {
  return [...nameMessages(head)].map((message): Diagnostic => ({ code: "rego_parse_error", message, at }));
}

function* nameMessages({ ref }: Head): Generator<string> {
  const [name] = ref;
  if (ref.length < 2 && name?.kind === "var" && isKeyword(name.name)) {
    yield `${name.name} keyword cannot be used for rule name`;
  }
}

function isKeyword(name: string): boolean {
  return baseKeywords.includes(name) || laterKeywords.includes(name);
}
