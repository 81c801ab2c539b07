import { scopeText } from "custody/evidence";
import type { RuleSet } from "custody/evidence";
import type { Reason } from "custody/ground";
import { CustodyError } from "custody/ground";
import type { Backend, PreparedQuery } from "custody/rego";
import type { RegoValue } from "custody/rego/values";

import type { GateName } from "./facts.ts";
import type { GateDocument } from "./gate-document.ts";
import type { CompiledRules } from "./rule-compiler.ts";

const maxSteps = 2_000_000;
const maxReasons = 50;
const maxTextLength = 500;
/** How many sets are kept compiled. */
const capacity = 256;

// Only who has added rules needs the compiler.
const loadCompiler = () => import("./rule-compiler.ts");

/** Rules that others add: each set compiled by itself, with only its gate's facts to see and nothing of the world. */
export class AddedRules {
  readonly #kept = new Map<string, CompiledRules>();
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** What a set says at a gate; one that says nothing there allows. */
  async judge(gate: GateName, facts: RegoValue, set: RuleSet): Promise<GateDocument> {
    const { findUnevaluable } = await loadCompiler();
    try {
      const query = (await this.compile(set))[gate];
      return { deny: query ? reasonsOf(query, facts, scopeText(set.scope)) : [], undecided: [] };
    } catch (error) {
      const why = error instanceof CustodyError ? error.message : findUnevaluable(error);
      if (why === undefined) throw error;
      return { deny: [], undecided: [unevaluable(gate, scopeText(set.scope), why)] };
    }
  }

  /** @throws CustodyError `policy/rules`. */
  async compile(set: RuleSet): Promise<CompiledRules> {
    const key = JSON.stringify(set.modules);
    const known = this.#kept.get(key);
    if (known) return known;
    const { compileRules } = await loadCompiler();
    const compiled = compileRules(set, this.#backend);
    this.#kept.set(key, compiled);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > capacity && oldest !== undefined) this.#kept.delete(oldest);
    return compiled;
  }
}

function reasonsOf(query: PreparedQuery, facts: RegoValue, scope: string): Reason[] {
  const answers = query.evaluate(facts, { limits: { steps: maxSteps }, strictBuiltinErrors: true });
  return answers.slice(0, maxReasons).map(({ bindings }) => toReason(bindings["reason"], scope));
}

const codePattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** A string, or an object with a message and, if it likes, a code and a subject of its own. */
function toReason(value: RegoValue | undefined, scope: string): Reason {
  const given = typeof value === "string" ? { message: value } : membersOf(value);
  const { message = "denied", subject = scope, code = "denied" } = given;
  return {
    code: `rule/${codePattern.test(code) ? code : "denied"}`,
    subject,
    message: `${message} (a rule of ${scope})`,
  };
}

function membersOf(value: RegoValue | undefined): { message?: string; subject?: string; code?: string } {
  if (typeof value !== "object" || value === null) return {};
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
  );
  return Object.fromEntries(texts.map(([name, text]) => [name, text.slice(0, maxTextLength)]));
}

function unevaluable(gate: GateName, scope: string, why: string): Reason {
  const message = `the rules of ${scope} could not be evaluated: ${why}`;
  return { code: "gate/unevaluable", subject: gate, message };
}
