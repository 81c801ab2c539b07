import { Environment, EvaluationError } from "@marcbachmann/cel-js";
import type { ASTNode } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";

import type { AttributeRule } from "./layout.ts";
import type { ClaimStatement } from "./statement.ts";

/** What a rule says of a statement. */
export type AttributeOutcome =
  | { readonly kind: "holds" }
  | { readonly kind: "warning" | "failure"; readonly message: string };

const maxNestedLoops = 2;
const maxPatternLength = 1024;
const makingLoops: ReadonlySet<string> = new Set(["map", "filter"]);
const loops: ReadonlySet<string> = new Set(["all", "exists", "exists_one", ...makingLoops]);

// What a rule can reach is the statement: the environment has no other variable and no function that leaves it.
const environment = new Environment({
  limits: { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 8 },
  homogeneousAggregateLiterals: false,
})
  .registerVariable("subject", "list")
  .registerVariable("predicateType", "string")
  .registerVariable("predicate", "map")
  // CEL's `matches` is RE2's; JavaScript's own could be made to run for ever.
  .registerFunction("string.matchesRe2(string): bool", matchesRe2);

/**
 * Whether a rule in CEL holds of a statement. A rule that cannot be read, fails on the way or does not say yes or no is a
 * failure; only a claim that is not there can be allowed (`allowIfNoClaim`), and only a plain no can be a warning (`warn`).
 */
export function judgeAttribute(attribute: AttributeRule, statement: ClaimStatement): AttributeOutcome {
  const answer = evaluate(attribute.rule, statement);
  const shown = attribute.rule.slice(0, 200);
  if (answer.kind === "no-claim" && attribute.allowIfNoClaim) return { kind: "holds" };
  if (answer.kind !== "value") return failure(`the rule "${shown}" cannot be judged: ${answer.message}`);
  if (answer.value === true) return { kind: "holds" };
  if (answer.value !== false) return failure(`the rule "${shown}" says neither yes nor no`);
  const message = attribute.debug === "" ? "" : ` (${attribute.debug})`;
  return {
    kind: attribute.warn ? "warning" : "failure",
    message: `the rule "${shown}" does not hold${message}`,
  };
}

function failure(message: string): AttributeOutcome {
  return { kind: "failure", message };
}

type Answer =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "no-claim" | "error"; readonly message: string };

function evaluate(rule: string, { subject, predicateType, predicate }: ClaimStatement): Answer {
  try {
    const value: unknown = environment.evaluate(withRe2(rule), {
      subject: subject.map((one) => ({ ...absent, ...one })),
      predicateType,
      predicate,
    });
    return { kind: "value", value };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isAbsent = error instanceof EvaluationError && error.code === "no_such_key";
    return { kind: isAbsent ? "no-claim" : "error", message: error.message.split("\n")[0] ?? "" };
  }
}

/** What a descriptor has where nothing is said (protocol buffers' default values, under their names). */
const absent = {
  name: "",
  uri: "",
  digest: {},
  download_location: "",
  media_type: "",
  annotations: {},
};

/** The rule with `matches` as RE2 has it. Deeper loops, lists of lists and `cel.bind` could take time and memory without a limit. */
function withRe2(rule: string): string {
  const places: number[] = [];
  visit(environment.parse(rule).ast, 0, (node) => {
    if (node.op === "rcall" && node.args[0] === "matches") places.push(placeOfMatches(rule, node));
  });
  const ordered = places.toSorted((a, b) => b - a);
  return ordered.reduce(
    (text, at) => `${text.slice(0, at)}matchesRe2${text.slice(at + "matches".length)}`,
    rule,
  );
}

function placeOfMatches(
  rule: string,
  { args: [, receiver, [pattern]] }: Extract<ASTNode, { op: "rcall" }>,
): number {
  const between = rule.slice(receiver.end, pattern?.start);
  const [head] = /^[\s)]*\.\s*(?=matches\s*\([\s(]*$)/.exec(between) ?? [];
  if (head === undefined) throw new Error("write matches as TEXT.matches(PATTERN)");
  return receiver.end + head.length;
}

function visit(node: ASTNode, depth: number, look: (node: ASTNode) => void): void {
  look(node);
  const method = node.op === "rcall" ? node.args[0] : "";
  if (method === "bind") throw new Error("cel.bind is not taken");
  if (depth > 0 && makingLoops.has(method)) throw new Error(`${method} is not taken in a loop`);
  const inner = depth + (loops.has(method) ? 1 : 0);
  if (inner > maxNestedLoops) throw new Error(`more than ${maxNestedLoops} loops in one another`);
  for (const child of childrenOf(node.args)) visit(child, inner, look);
}

function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return typeof args === "object" && args !== null && "op" in args ? [args as ASTNode] : [];
}

function matchesRe2(text: string, pattern: string): boolean {
  if (pattern.length > maxPatternLength) throw new Error("the pattern is too long");
  return RE2JS.compile(pattern).matcher(text).find();
}
