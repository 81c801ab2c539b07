import type { RuleSet } from "custody/evidence";
import type { Reason, Verdict } from "custody/ground";
import { allowed } from "custody/ground";
import { EvaluationError, openCompiled } from "custody/rego/compiled";
import type { Backend } from "custody/rego";
import type { PreparedDocuments } from "custody/rego/compiled";
import type { RegoValue } from "custody/rego/values";

import { AddedRules } from "./added-rules.ts";
import type { GateFacts, GateName } from "./facts.ts";
import { gateBuiltins } from "./gate-builtins.ts";
import { readGateDocument } from "./gate-document.ts";
import type { GateDocument } from "./gate-document.ts";
import * as compiledGates from "./compiled.ts";

/** More than any rule of a gate needs, and less than a person waits for. */
const maxSteps = 5_000_000;

/** One answer of a gate, with what it was told. */
export interface GateDecision {
  readonly gate: GateName;
  readonly facts: GateFacts<GateName>;
  readonly rules: readonly RuleSet[];
  readonly verdict: Verdict<undefined>;
}

/** Hears every answer; it can change none, and must not throw. */
export type HearDecision = (decision: GateDecision) => void;

export interface GatesOptions {
  readonly hear?: HearDecision;
  /** What added rules run on: `closures` where no code may be made from text. Default `javascript`. */
  readonly backend?: Backend;
}

/**
 * Custody's own gates, and what others add to them: policies in Rego, decided in this process.
 *
 * What is added is compiled on its own and has a `deny` only. It sees none of Custody's rules and none of another
 * scope's, so there is nothing in it that could take a no back: an answer is allowed when Custody's gate allows it and
 * nobody denies it.
 */
export class Gates {
  readonly #own: PreparedDocuments = openCompiled(compiledGates, gateBuiltins);
  readonly #added: AddedRules;
  readonly #hear: HearDecision;

  constructor({ hear = () => undefined, backend = "javascript" }: GatesOptions = {}) {
    this.#added = new AddedRules(backend);
    this.#hear = hear;
  }

  /**
   * Decides on what is known at a gate.
   *
   * @returns refused with every reason of every policy that denies; `undecided` with `gate/unevaluable` when a policy
   *   could not be evaluated.
   */
  async judge<Gate extends GateName>(
    gate: Gate,
    facts: GateFacts<Gate>,
    rules: readonly RuleSet[] = [],
  ): Promise<Verdict<undefined>> {
    const answers = [this.#judgeOwn(gate, facts as RegoValue)];
    for (const set of rules) answers.push(await this.#added.judge(gate, facts as RegoValue, set));
    const verdict = union(answers, givenReasons(facts));
    this.#hear({ gate, facts, rules, verdict });
    return verdict;
  }

  /**
   * Holds added rules against the language and against what each gate is told.
   *
   * @throws CustodyError `policy/rules` with every mistake, its file, row and column.
   */
  async check(rules: RuleSet): Promise<void> {
    await this.#added.compile(rules);
  }

  #judgeOwn(gate: GateName, facts: RegoValue): GateDocument {
    try {
      const limits = { steps: maxSteps };
      const found = this.#own.find(["custody", "gates", gate], facts, { limits, strictBuiltinErrors: true });
      return readGateDocument(gate, found);
    } catch (error) {
      if (error instanceof EvaluationError) return unevaluable(gate, error.message);
      throw error;
    }
  }
}

/** What says no wins over what could not be decided, and both over what allows. */
function union(answers: readonly GateDocument[], given: readonly Reason[]): Verdict<undefined> {
  const [first, ...rest] = inOrder(
    answers.flatMap(({ deny }) => deny),
    given,
  );
  if (first) return { kind: "refused", reasons: [first, ...rest] };
  const [unsure, ...others] = inOrder(
    answers.flatMap(({ undecided }) => undecided),
    given,
  );
  if (unsure) return { kind: "undecided", reasons: [unsure, ...others] };
  return allowed(undefined);
}

/** Reasons that the verifier gave stay in its order, and come before those of rules. */
function inOrder(reasons: readonly Reason[], given: readonly Reason[]): Reason[] {
  const ranks = new Map(given.map((reason, i) => [keyOf(reason), i]));
  const rankOf = (reason: Reason): number => ranks.get(keyOf(reason)) ?? given.length;
  return reasons.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function keyOf({ code, subject, message }: Reason): string {
  return JSON.stringify([code, subject, message]);
}

function givenReasons(facts: GateFacts<GateName>): readonly Reason[] {
  const checks = [
    "verification" in facts ? facts.verification : undefined,
    "chain" in facts ? facts.chain : undefined,
    "admission" in facts ? facts.admission : undefined,
  ];
  return checks.flatMap((check) => check?.reasons ?? []);
}

function unevaluable(gate: GateName, message: string): GateDocument {
  const reason: Reason = {
    code: "gate/unevaluable",
    subject: gate,
    message: `the policy could not be evaluated: ${message}`,
  };
  return { deny: [], undecided: [reason] };
}
