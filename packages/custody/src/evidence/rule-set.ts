import type { Bytes, Digest } from "custody/ground";
import { canonicalJson, CustodyError } from "custody/ground";
import * as v from "valibot";

/**
 * Rules that somebody adds to Custody's own gates, in Rego: modules of packages `gates.GATE`, each with a set `deny` of
 * reasons. They can only say no to more.
 */
export interface RuleSet {
  readonly scope: RuleScope;
  readonly modules: readonly RuleModule[];
}

/** Whose rules they are, and so to what they apply. */
export interface RuleScope {
  /** A project is what comes before the first `/` of a repository's name. */
  readonly kind: "project" | "repository" | "workload";
  readonly name: string;
}

export interface RuleModule {
  /** For messages only. */
  readonly file: string;
  /** Rego v1. */
  readonly text: string;
}

const maxModules = 50;
const maxModuleLength = 128 * 1024;
const maxSets = 3;

const scopeShape = v.strictObject({
  kind: v.picklist(["project", "repository", "workload"]),
  name: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/),
    v.maxLength(200),
  ),
});

export const ruleSetShape = v.strictObject({
  scope: scopeShape,
  modules: v.pipe(
    v.array(
      v.strictObject({
        file: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._/-]{1,200}$/)),
        text: v.pipe(v.string(), v.maxLength(maxModuleLength)),
      }),
    ),
    v.maxLength(maxModules),
    v.check(
      (modules) => new Set(modules.map(({ file }) => file)).size === modules.length,
      "two modules have one name",
    ),
  ),
});

/** The rules of a policy in force: at most one set of each kind of scope. */
export const ruleSetsShape = v.pipe(
  v.array(ruleSetShape),
  v.maxLength(maxSets),
  v.check(
    (sets) => new Set(sets.map(({ scope }) => scope.kind)).size === sets.length,
    "two sets of one scope",
  ),
);

/** @throws CustodyError `policy/malformed`. */
export function parseRuleSet(value: unknown): RuleSet {
  const shape = v.safeParse(ruleSetShape, value);
  if (shape.success) return shape.output;
  const [issue] = shape.issues;
  const where = v.getDotPath(issue) ?? "";
  throw new CustodyError("policy/malformed", `the rules are refused: ${where}: ${issue.message}`);
}

/** A rule set's revision is the digest of its canonical JSON. */
export function ruleSetRevisionOf(digest: (bytes: Bytes) => Digest, set: RuleSet): Digest {
  return digest(canonicalJson(set));
}

/** Whether a scope's rules apply to a repository; a workload has the name of the repository that it is of. */
export function appliesTo({ kind, name }: RuleScope, repository: string): boolean {
  return kind === "project" ? repository.startsWith(`${name}/`) : repository === name;
}

/** `project acme`, for messages and subjects. */
export function scopeText({ kind, name }: RuleScope): string {
  return `${kind} ${name}`;
}
