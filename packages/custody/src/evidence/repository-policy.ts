import type { SshPublicKey } from "custody/git";
import { parseSshPublicKey } from "custody/git";
import type { Digest } from "custody/ground";
import { canonicalJson, CustodyError, equalBytes, parseInstant } from "custody/ground";
import type { Bytes } from "custody/ground";
import * as v from "valibot";

import { shortText } from "./attestation-type.ts";
import type { Functionary } from "./functionary.ts";
import { functionaryShape } from "./functionary.ts";
import type { Layout } from "./layout.ts";
import { layoutShape } from "./layout.ts";
import type { RuleSet } from "./rule-set.ts";
import { appliesTo, ruleSetsShape, scopeText } from "./rule-set.ts";
import { sourcePredicateType, sourceStep } from "./types/source.ts";

/** What a repository's owner demands: whose commits count, and the layout that their chain must follow. */
export interface RepositoryPolicy {
  readonly repository: string;
  readonly signers: readonly AllowedSigner[];
  readonly layout: Layout;
  /** Who may withdraw attestations of others, besides their signers and the signers' own trust domain. */
  readonly withdrawers?: readonly Functionary[] | undefined;
  /** What is added to Custody's own gates, by whom. */
  readonly rules?: readonly RuleSet[] | undefined;
}

/** A developer's key and the time in which its signatures count. */
export interface AllowedSigner {
  readonly name: string;
  /** `ssh-ed25519 AAAA…`, as in an OpenSSH public key file. */
  readonly key: string;
  /** RFC 3339, both ends inclusive. Developer keys are short-lived: the end is not optional. */
  readonly validFor: { readonly start: string; readonly end: string };
  /** From this time on, nothing new that the key signs counts; what the log saw before stays good. */
  readonly retiredAt?: string | undefined;
}

const instantShape = v.pipe(v.string(), v.check(isInstant, "not an RFC 3339 date-time"));

/** As {@link parseRepositoryPolicy} reads a policy. */
export const repositoryPolicyShape = v.strictObject({
  repository: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/),
    v.maxLength(200),
  ),
  signers: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
        key: v.pipe(v.string(), v.check(isKey, "not an SSH public key of a known type")),
        validFor: v.pipe(
          v.strictObject({ start: instantShape, end: instantShape }),
          v.check(isSpan, "it ends before it starts"),
        ),
        retiredAt: v.exactOptional(instantShape),
      }),
    ),
    v.minLength(1, "a policy without signers admits no commit"),
    v.maxLength(1000),
  ),
  layout: v.pipe(
    layoutShape,
    v.check(hasSourceStep, "the layout needs one step `source` whose predicate is the source type"),
  ),
  withdrawers: v.exactOptional(v.pipe(v.array(functionaryShape), v.maxLength(64))),
  rules: v.exactOptional(ruleSetsShape),
});

/** @throws CustodyError `policy/malformed`. */
export function parseRepositoryPolicy(value: unknown): RepositoryPolicy {
  const shape = v.safeParse(repositoryPolicyShape, value);
  if (!shape.success) {
    const [issue] = shape.issues;
    throw malformed(`${v.getDotPath(issue) ?? ""}: ${issue.message}`);
  }
  const { repository, rules = [] } = shape.output;
  const stray = rules.find(({ scope }) => !appliesTo(scope, repository));
  if (stray) throw malformed(`rules of ${scopeText(stray.scope)} do not apply to ${repository}`);
  return shape.output;
}

/**
 * Refuses a signer in force whose name would not be shown as it is: with characters that steer a terminal or turn the
 * direction of writing. Policies that have one stay readable; whoever puts one into force is asked.
 *
 * @throws CustodyError `policy/malformed`.
 */
export function demandPlainNames({ repository, signers }: RepositoryPolicy): void {
  const odd = signers.find(({ name, retiredAt }) => retiredAt === undefined && shortText(name, 200) !== name);
  if (!odd) return;
  const name = shortText(odd.name, 200);
  throw malformed(`the signer's name "${name}" has control or formatting characters`, {
    subject: name,
    next: `name the developer in plain letters; who is there already is retired first: custody policy retire ${repository} NAME`,
  });
}

function malformed(
  message: string,
  about: { readonly subject?: string; readonly next?: string } = {},
): CustodyError<"policy/malformed"> {
  return new CustodyError("policy/malformed", `the policy is refused: ${message}`, about);
}

/** A policy's revision is the digest of its canonical JSON: a decision names exactly what it was made under. */
export function policyRevisionOf(digest: (bytes: Bytes) => Digest, policy: RepositoryPolicy): Digest {
  return digest(canonicalJson(policy));
}

/** The entries that list this very key, compared by its bytes: a key that is listed anew has more than one. */
export function findSigners(policy: RepositoryPolicy, key: SshPublicKey): AllowedSigner[] {
  return policy.signers.filter((signer) => equalBytes(parseSshPublicKey(signer.key).blob, key.blob));
}

// Without it nobody's signature would be asked for.
function hasSourceStep({ steps }: v.InferOutput<typeof layoutShape>): boolean {
  const isSource = ({ expectedPredicate }: (typeof steps)[number]): boolean =>
    expectedPredicate.predicateType === sourcePredicateType;
  return steps.filter(isSource).length === 1 && steps.find(isSource)?.name === sourceStep;
}

function isKey(line: string): boolean {
  return isAccepted(() => parseSshPublicKey(line));
}

function isSpan({ start, end }: AllowedSigner["validFor"]): boolean {
  return !isInstant(start) || !isInstant(end) || parseInstant(start) <= parseInstant(end);
}

function isInstant(text: string): boolean {
  return isAccepted(() => parseInstant(text));
}

function isAccepted(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof CustodyError) return false;
    throw error;
  }
}
