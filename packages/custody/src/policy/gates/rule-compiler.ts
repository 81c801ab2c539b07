import { scopeText } from "custody/evidence";
import type { RuleSet } from "custody/evidence";
import { CustodyError } from "custody/ground";
import { compileParsed, EvaluationError, parseModules, RegoDiagnostics } from "custody/rego";
import type { Backend, Module, PreparedQuery, RegoValue } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";

import { factSchemas } from "./compiled.ts";
import { gateNames } from "./facts.ts";
import type { GateName } from "./facts.ts";

/* The part of added rules that needs the whole compiler: loaded when there are any. */

/** What is asked at each gate that a set has rules for. */
export type CompiledRules = Partial<Record<GateName, PreparedQuery>>;

/** The same question has the same answer: no time but the facts', no randomness, no network. */
const pureBuiltins = allBuiltins.filter(({ nondeterministic }) => nondeterministic !== true);
const schemas = factSchemas as Readonly<Record<GateName, RegoValue>>;

/**
 * Compiles a set, the modules of each gate by themselves: they see what this gate is told, and what it is not told is an
 * error.
 *
 * @throws CustodyError `policy/rules` with every mistake.
 */
export function compileRules({ scope, modules }: RuleSet, backend: Backend): CompiledRules {
  const problems: string[] = [];
  const parsed = collect(problems, () => parseModules(modules, { version: "v1" })) ?? [];
  const compiled: CompiledRules = {};
  for (const gate of gateNames) {
    const own = parsed.filter((module) => gateOf(module) === gate);
    if (own.length === 0) continue;
    const query = collect(problems, () => compileGate(gate, own, backend));
    if (query) compiled[gate] = query;
    problems.push(...denyProblems(gate, own));
  }
  problems.push(...parsed.filter((module) => gateOf(module) === undefined).map(strayProblem));
  if (problems.length > 0) throw refusedRules(scopeText(scope), problems);
  return compiled;
}

/** Why an evaluation has no answer; undefined for what is a fault of Custody's own. */
export function findUnevaluable(error: unknown): string | undefined {
  return error instanceof EvaluationError ? error.message : undefined;
}

function compileGate(gate: GateName, modules: readonly Module[], backend: Backend): PreparedQuery {
  const options = { backend, builtins: pureBuiltins, schemas: { "schema.input": schemas[gate] } };
  return compileParsed(modules, options).prepare(`data.gates[${JSON.stringify(gate)}].deny[reason]`);
}

function gateOf({ package: [root, name] }: Module): GateName | undefined {
  return root === "gates" ? gateNames.find((gate) => gate === name) : undefined;
}

function strayProblem({ file, package: path }: Module): string {
  const gates = gateNames.map((name) => `gates.${name}`).join(", ");
  return `${file}: package ${path.join(".")} is of no gate: rules are in ${gates}, or below one of them`;
}

// What is no set of reasons, or is called otherwise, would deny nothing and look as if it did.
function denyProblems(gate: GateName, modules: readonly Module[]): string[] {
  const top = modules.filter(({ package: path }) => path.length === 2);
  const named = top.flatMap(({ file, rules }) =>
    rules.filter(({ head }) => nameOf(head.ref) === "deny").map((rule) => ({ file, rule })),
  );
  if (named.length === 0) return [`package gates.${gate} has no rule: deny contains "why" if { … }`];
  return named
    .filter(({ rule }) => rule.head.element === undefined || rule.head.ref.length > 1)
    .map(
      ({ file, rule }) => `${file}:${rule.at.row}: deny is a set of reasons: deny contains "why" if { … }`,
    );
}

function nameOf([first]: Module["rules"][number]["head"]["ref"]): string | undefined {
  return first?.kind === "var" ? first.name : undefined;
}

function collect<Result>(problems: string[], work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RegoDiagnostics)) throw error;
    problems.push(...error.diagnostics.map(problemText));
    return undefined;
  }
}

function problemText({ code, message, at }: RegoDiagnostics["diagnostics"][number]): string {
  return at ? `${at.file}:${at.row}:${at.col}: ${code}: ${message}` : `${code}: ${message}`;
}

function refusedRules(scope: string, problems: readonly string[]): CustodyError<"policy/rules"> {
  return new CustodyError("policy/rules", `the rules of ${scope} are refused: ${problems.join("; ")}`, {
    subject: scope,
    details: { problems },
    next: "see what a gate is told: custody policy facts GATE",
  });
}
