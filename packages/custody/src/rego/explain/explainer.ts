import type { Policy } from "../engine.ts";
import type { Body, Expr, Location, Module, Rule } from "../syntax/index.ts";
import { termText } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { constantPrefix } from "../plan/rule-tree.ts";
import { referencesOf } from "./references.ts";
import type { World } from "./references.ts";

/** One way to a rule's value: whether it held, and else the expression that it did not get past. */
export interface Decision {
  readonly rule: Rule;
  readonly at: Location;
  readonly held: boolean;
  /** Undefined when it held, and when the rule's index had ruled it out before. */
  readonly stoppedAt?: Location;
}

/** A document that an evaluation asked for, and what decided its value. */
export interface Explanation {
  /** Below `data`. */
  readonly path: readonly string[];
  readonly value: RegoValue | undefined;
  readonly decisions: readonly Decision[];
}

/** Follows one evaluation (`evaluate(input, { follow: explainer.visit })`), and says afterwards what decided it. */
export class Explainer {
  readonly #policy: Policy;
  readonly #visited = new Set<string>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  readonly visit = (at: Location): void => {
    this.#visited.add(placeKey(at));
  };

  /**
   * The documents of rules that were evaluated, in the order of the text.
   *
   * @throws EvaluationError when one has no value because something goes wrong.
   */
  explanations({ input, ...options }: World): readonly Explanation[] {
    const documents = this.#policy.prepareDocuments();
    const byPath = Map.groupBy(this.#placedRules(), ({ path }) => JSON.stringify(path));
    return [...byPath.values()].flatMap((placed): Explanation[] => {
      const decisions = placed.flatMap(({ rule }) => this.#decisions(rule));
      const [first] = placed;
      if (!first || !decisions.some(({ held, stoppedAt }) => held || stoppedAt)) return [];
      const { path } = first;
      const value = first.rule.head.args ? undefined : documents.find(path, input, options);
      return [{ path, value, decisions }];
    });
  }

  /** The same for people, a line each. */
  lines(world: World): readonly string[] {
    const modules = new Map(this.#policy.modules.map((module) => [module.file, module]));
    return this.explanations(world).flatMap(({ path, value, decisions }) => {
      const name = ["data", ...path].join(".");
      const isFunction = decisions.some(({ rule }) => rule.head.args);
      const shown = isFunction
        ? "was called"
        : value === undefined
          ? "is undefined"
          : `is ${termText(value)}`;
      return [`${name} ${shown}`, ...decisions.flatMap((one) => decisionLines(one, modules, world))];
    });
  }

  #placedRules(): readonly { path: readonly string[]; rule: Rule }[] {
    const packages = new Map(this.#policy.modules.map((module) => [module.file, module.package]));
    return this.#policy.rules
      .toSorted((a, b) => compareFiles(a.at, b.at) || a.at.offset - b.at.offset)
      .map((rule) => ({ rule, path: [...(packages.get(rule.at.file) ?? []), ...constantPrefix(rule)] }));
  }

  #decisions(rule: Rule): readonly Decision[] {
    const { head, body, elseRule, at } = rule;
    const held = this.#visited.has(placeKey(head.at));
    const stoppedAt = held ? undefined : this.#furthest(body);
    return [
      { rule, at, held, ...(stoppedAt && { stoppedAt }) },
      ...(elseRule ? this.#decisions(elseRule) : []),
    ];
  }

  #furthest(body: Body): Location | undefined {
    return body.findLast((expr: Expr) => this.#visited.has(placeKey(expr.at)))?.at;
  }
}

function placeKey({ file, offset, end }: Location): string {
  return `${offset} ${end} ${file}`;
}

function compareFiles(a: Location, b: Location): number {
  return a.file === b.file ? 0 : a.file < b.file ? -1 : 1;
}

function decisionLines(
  { rule, at, held, stoppedAt }: Decision,
  modules: ReadonlyMap<string, Module>,
  world: World,
): readonly string[] {
  const module = modules.get(at.file);
  if (!module) return [];
  const place = `${at.file}:${at.row}`;
  if (held) return [`  ${place} held: ${firstLine(module, at)}`];
  if (!stoppedAt) return rule.isDefault ? [] : [`  ${place} was not tried: ${firstLine(module, at)}`];
  const known = referencesOf(module, stoppedAt, world).map(([name, value]) => `${name} is ${value}`);
  const stop = `    ${stoppedAt.file}:${stoppedAt.row}: ${firstLine(module, stoppedAt)}`;
  return [`  ${place} did not hold: ${firstLine(module, at)}`, stop, ...known.map((line) => `      ${line}`)];
}

function firstLine({ text }: Module, { offset, end }: Location): string {
  const [line = "", ...more] = text.slice(offset, end).split("\n");
  return more.length > 0 ? `${line} …` : line;
}
