import { referencesOf } from "custody/rego/explain";
import type { Decision, Explainer, Explanation, World } from "custody/rego/explain";
import { termText } from "custody/rego";
import type { Location, Module } from "custody/rego";

import { placeOf } from "./problems.ts";
import type { Place, TracedDocument, Way } from "./reports.ts";

const maxShownLength = 400;

export interface Traced {
  readonly modules: readonly Module[];
  readonly world: World;
  readonly query: string;
}

/**
 * What an evaluation came to, document by document. Decisive are the rules of the documents that the query names:
 * those that held, and where none but a default did, the places at which the others stopped.
 *
 * @throws EvaluationError
 */
export function traceOf(explainer: Explainer, traced: Traced): readonly TracedDocument[] {
  const asked = askedPaths(traced.query);
  return explainer.explanations(traced.world).map((one) => documentOf(one, isAsked(one.path, asked), traced));
}

function documentOf({ path, value, decisions }: Explanation, asked: boolean, traced: Traced): TracedDocument {
  const isFunction = decisions.some(({ rule }) => rule.head.args !== undefined);
  const heldItself = decisions.some(({ held, rule }) => held && !rule.isDefault);
  const ways = decisions.flatMap((decision) => {
    const isDecisive =
      asked && !isFunction && (decision.held || (!heldItself && decision.stoppedAt !== undefined));
    return wayOf(decision, isDecisive, traced) ?? [];
  });
  return {
    name: ["data", ...path].join("."),
    ...(value !== undefined && { value: shortened(termText(value)) }),
    isFunction,
    ways,
  };
}

function wayOf(decision: Decision, isDecisive: boolean, { modules, world }: Traced): Way | undefined {
  const { rule, at, held, stoppedAt } = decision;
  const module = modules.find(({ file }) => file === at.file);
  const place = placeOf(at);
  if (!module || !place) return undefined;
  const stop = stopOf(stoppedAt, module);
  return {
    kind: held ? "held" : stop ? "stopped" : "skipped",
    isDefault: rule.isDefault,
    isDecisive,
    rule: place,
    text: firstLine(module, at),
    ...(stop && { stop }),
    known: held || stop ? knownAt(module, stoppedAt ?? at, world) : [],
  };
}

function stopOf(at: Location | undefined, module: Module): { place: Place; text: string } | undefined {
  const place = at && placeOf(at);
  return at && place && { place, text: firstLine(module, at) };
}

function knownAt(module: Module, at: Location, world: World): Way["known"] {
  return referencesOf(module, at, world).map(([name, value]) => [name, shortened(value)] as const);
}

/** The documents that a query names: `data.authz.allow` and `data.authz.reasons` of `data.authz.allow; data.…`. */
export function askedPaths(query: string): readonly (readonly string[])[] {
  return [...query.matchAll(/\bdata((?:\.[A-Za-z_]\w*)*)/g)].map(([, names = ""]) =>
    names.split(".").slice(1),
  );
}

function isAsked(path: readonly string[], asked: readonly (readonly string[])[]): boolean {
  return asked.some((one) => {
    const length = Math.min(one.length, path.length);
    return one.slice(0, length).join(".") === path.slice(0, length).join(".");
  });
}

function firstLine({ text }: Module, { offset, end }: Location): string {
  const [line = "", ...more] = text.slice(offset, end).split("\n");
  return shortened(more.length > 0 ? `${line} …` : line);
}

function shortened(text: string): string {
  return text.length > maxShownLength ? `${text.slice(0, maxShownLength)}…` : text;
}
