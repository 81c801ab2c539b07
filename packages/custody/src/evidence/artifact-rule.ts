import { CustodyError } from "custody/ground";

import type { ResourceDescriptor } from "./statement.ts";
import { isSameArtifact } from "./statement.ts";

/** An artifact rule of an in-toto layout (in-toto specification v1.0 §4.3.3). */
export type ArtifactRule =
  | {
      readonly kind: "create" | "delete" | "modify" | "allow" | "disallow" | "require";
      readonly pattern: string;
    }
  | {
      readonly kind: "match";
      readonly pattern: string;
      readonly sourcePrefix: string;
      readonly from: "materials" | "products";
      readonly destinationPrefix: string;
      readonly step: string;
    };

/** What one step took in and gave out; names are unique within each list. */
export interface StepArtifacts {
  readonly materials: readonly ResourceDescriptor[];
  readonly products: readonly ResourceDescriptor[];
}

/** Why a rule list does not hold. */
export interface RuleFailure {
  readonly code: "layout/artifact-missing" | "layout/artifact-mismatch" | "layout/artifact-unexpected";
  readonly artifact: string;
  readonly message: string;
}

const simpleKinds = new Set(["create", "delete", "modify", "allow", "disallow", "require"]);

/**
 * The rule of a line of words.
 *
 * @throws CustodyError `layout/rule`.
 */
export function parseArtifactRule(text: string): ArtifactRule {
  const rule = findArtifactRule(text.trim().split(/\s+/));
  if (!rule) throw ruleFault(text);
  return rule;
}

/**
 * The rule of its words, keywords in any case: `MATCH pattern [IN prefix] WITH (MATERIALS|PRODUCTS) [IN prefix] FROM step`,
 * or `CREATE|DELETE|MODIFY|ALLOW|DISALLOW|REQUIRE pattern`; undefined for what is none.
 */
export function findArtifactRule(words: readonly string[]): ArtifactRule | undefined {
  const [keyword = "", pattern = ""] = words;
  const kind = keyword.toLowerCase();
  if (kind === "match") return findMatch(words);
  if (!simpleKinds.has(kind) || pattern === "" || words.length !== 2) return undefined;
  return { kind: kind as "allow", pattern };
}

function findMatch([, pattern = "", ...words]: readonly string[]): ArtifactRule | undefined {
  const rest = [...words];
  const isNext = (keyword: string): boolean =>
    rest[0]?.toLowerCase() === keyword && rest.shift() !== undefined;
  const sourcePrefix = isNext("in") ? rest.shift() : "";
  if (!isNext("with")) return undefined;
  const from = rest.shift()?.toLowerCase();
  const destinationPrefix = isNext("in") ? rest.shift() : "";
  const [step, ...more] = isNext("from") ? rest : [];
  if ((from !== "materials" && from !== "products") || !step || more.length > 0) return undefined;
  if (sourcePrefix === undefined || destinationPrefix === undefined) return undefined;
  return { kind: "match", pattern, sourcePrefix, from, destinationPrefix, step };
}

/**
 * Applies rules in order to one of a step's two lists; each rule takes the artifacts it explains off the queue, and
 * what a DISALLOW meets, or a REQUIRE misses, fails (in-toto §4.3.3.1). Nothing is left over unnoticed only if the
 * list ends in `DISALLOW *`, which {@link parseLayout} demands.
 */
export function applyRules(
  rules: readonly ArtifactRule[],
  list: "materials" | "products",
  own: StepArtifacts,
  steps: ReadonlyMap<string, StepArtifacts>,
): RuleFailure[] {
  let queue = own[list];
  const failures: RuleFailure[] = [];
  for (const rule of rules) {
    const taken = queue.filter((artifact) => explains(rule, artifact, own, steps));
    if (rule.kind === "disallow")
      failures.push(...taken.map((artifact) => failureOf(artifact, rules, steps)));
    else if (rule.kind === "require" && taken.length === 0) failures.push(missing(rule.pattern));
    if (rule.kind !== "require") queue = queue.filter((artifact) => !taken.includes(artifact));
  }
  return failures;
}

function explains(
  rule: ArtifactRule,
  artifact: ResourceDescriptor,
  own: StepArtifacts,
  steps: ReadonlyMap<string, StepArtifacts>,
): boolean {
  const material = own.materials.find(({ name }) => name === artifact.name);
  const product = own.products.find(({ name }) => name === artifact.name);
  switch (rule.kind) {
    case "match": {
      const destination = findDestination(rule, artifact, steps);
      return destination !== undefined && isSameArtifact(destination.digest, artifact.digest);
    }
    case "create":
      return matchesPattern(rule.pattern, artifact.name) && !material && !!product;
    case "delete":
      return matchesPattern(rule.pattern, artifact.name) && !!material && !product;
    case "modify":
      return matchesPattern(rule.pattern, artifact.name) && isModified(material, product);
    // A plain name is a pattern too; with a star, at least one artifact must be there.
    case "require":
    case "allow":
    case "disallow":
      return matchesPattern(rule.pattern, artifact.name);
    default:
      return rule satisfies never;
  }
}

function isModified(
  material: ResourceDescriptor | undefined,
  product: ResourceDescriptor | undefined,
): boolean {
  return !!material && !!product && !isSameArtifact(material.digest, product.digest);
}

function findDestination(
  rule: Extract<ArtifactRule, { kind: "match" }>,
  artifact: ResourceDescriptor,
  steps: ReadonlyMap<string, StepArtifacts>,
): ResourceDescriptor | undefined {
  const prefix = rule.sourcePrefix && `${rule.sourcePrefix.replace(/\/$/, "")}/`;
  if (!artifact.name.startsWith(prefix)) return undefined;
  const rest = artifact.name.slice(prefix.length);
  if (!matchesPattern(rule.pattern, rest)) return undefined;
  const wanted = (rule.destinationPrefix && `${rule.destinationPrefix.replace(/\/$/, "")}/`) + rest;
  return steps.get(rule.step)?.[rule.from].find(({ name }) => name === wanted);
}

// An artifact that a MATCH rule knows by name but not by digest was swapped; any other was never expected.
function failureOf(
  artifact: ResourceDescriptor,
  rules: readonly ArtifactRule[],
  steps: ReadonlyMap<string, StepArtifacts>,
): RuleFailure {
  const source = rules.find((rule) => rule.kind === "match" && findDestination(rule, artifact, steps));
  return source?.kind === "match"
    ? {
        code: "layout/artifact-mismatch",
        artifact: artifact.name,
        message: `${artifact.name} is not the one that step ${source.step} handed on`,
      }
    : {
        code: "layout/artifact-unexpected",
        artifact: artifact.name,
        message: `${artifact.name} comes from no step of the layout`,
      };
}

function missing(pattern: string): RuleFailure {
  return {
    code: "layout/artifact-missing",
    artifact: pattern,
    message: `${pattern} is required and is not there`,
  };
}

/**
 * Shell-style matching as in-toto's reference does it (Python fnmatch, case-sensitive): `*` any run, slashes too,
 * `?` one character, `[seq]` and `[!seq]` one of a set. Linear: a star never goes back past the last one.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let [p, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    const width = pattern[p] === "*" ? 0 : matchOne(pattern, p, text[t] ?? "");
    if (width > 0) {
      p += width;
      t++;
    } else if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

// How many characters of the pattern match this one letter; 0 when none does.
function matchOne(pattern: string, at: number, letter: string): number {
  const head = pattern[at];
  if (head === "?") return 1;
  const close = head === "[" ? pattern.indexOf("]", at + (pattern[at + 1] === "!" ? 3 : 2)) : -1;
  if (close < 0) return head === letter ? 1 : 0;
  const isNegated = pattern[at + 1] === "!";
  const set = pattern.slice(at + (isNegated ? 2 : 1), close);
  return isInSet(set, letter) !== isNegated ? close - at + 1 : 0;
}

function isInSet(set: string, letter: string): boolean {
  for (let i = 0; i < set.length; i++) {
    const isRange = set[i + 1] === "-" && i + 2 < set.length;
    const [low = "", high = ""] = [set[i], isRange ? set[i + 2] : set[i]];
    if (letter >= low && letter <= high) return true;
    if (isRange) i += 2;
  }
  return false;
}

function ruleFault(text: string): CustodyError<"layout/rule"> {
  return new CustodyError("layout/rule", `"${text.slice(0, 120)}" is not an artifact rule`, {
    next: "write it as in the in-toto specification §4.3.3, for example: MATCH * WITH PRODUCTS FROM build",
  });
}
