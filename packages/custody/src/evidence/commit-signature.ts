import type { Commit, ObjectId, SshSignature } from "custody/git";
import { fingerprintOf, isObject, parseCommit, parseSshSignature, verifySshSignature } from "custody/git";
import type { Bytes, Crypto, Instant, Verdict } from "custody/ground";
import { allowed, CustodyError, formatInstant, parseInstant, undecided } from "custody/ground";

import type { Examination } from "./examination.ts";
import { Refusal } from "./examination.ts";
import type { AllowedSigner, RepositoryPolicy } from "./repository-policy.ts";
import { findSigners } from "./repository-policy.ts";

/** A commit that a listed developer signed while the key was alive. */
export interface SignedCommit {
  readonly commit: Commit;
  readonly signer: { readonly name: string; readonly fingerprint: string };
}

/** The commit as it came, and when the log first saw it: that time counts, never the one that the commit claims. */
export interface CommitEvidence {
  readonly id: ObjectId;
  readonly object: Bytes;
  readonly firstSeen: Instant;
}

/** Git's namespace for commit and tag signatures (gitformat-signature; PROTOCOL.sshsig §2). */
const gitNamespace = "git";

/**
 * Decides whether a commit's signature counts under a policy.
 *
 * @returns `undecided` with `git/…` when the object or its signature cannot be read.
 */
export async function verifyCommit(
  crypto: Crypto,
  evidence: CommitEvidence,
  policy: RepositoryPolicy,
  examination: Examination,
): Promise<Verdict<SignedCommit>> {
  try {
    return allowed(await demandSignedCommit(crypto, evidence, policy, examination));
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reasons: [error.reason] };
    if (error instanceof CustodyError) return undecided(error.code, evidence.id, error.message);
    throw error;
  }
}

/** As {@link verifyCommit}, for use within an examination: throws its refusals. */
export async function demandSignedCommit(
  crypto: Crypto,
  { id, object, firstSeen }: CommitEvidence,
  policy: RepositoryPolicy,
  examination: Examination,
): Promise<SignedCommit> {
  examination.demand(
    isObject(id, "commit", object),
    "source/commit-mismatch",
    id,
    "the bytes are not the commit that the id names",
  );
  const commit = parseCommit(object);
  examination.demand(commit.signature !== undefined, "source/unsigned", id, "the commit is not signed");
  if (commit.signature === undefined) return { commit, signer: { name: "nobody", fingerprint: "none" } };
  const signature = parseSshSignature(commit.signature);
  await demandGoodSignature(crypto, { id, commit, signature }, examination);
  const fingerprint = fingerprintOf(crypto, signature.publicKey);
  const signer = findBestEntry(findSigners(policy, signature.publicKey), firstSeen);
  examination.demand(
    !!signer,
    "source/signer-not-listed",
    id,
    `the policy does not list the key ${fingerprint}`,
  );
  if (signer) demandAlive(signer, { id, firstSeen }, examination);
  return { commit, signer: { name: signer?.name ?? "unlisted", fingerprint } };
}

// A key may be listed for several spans; the one that was alive counts, else the last to end says why not.
function findBestEntry(entries: readonly AllowedSigner[], firstSeen: Instant): AllowedSigner | undefined {
  const isAlive = ({ validFor, retiredAt }: AllowedSigner): boolean =>
    firstSeen >= parseInstant(validFor.start) &&
    firstSeen <= parseInstant(validFor.end) &&
    (retiredAt === undefined || firstSeen < parseInstant(retiredAt));
  const byEnd = entries.toSorted((a, b) => parseInstant(b.validFor.end) - parseInstant(a.validFor.end));
  return byEnd.find(isAlive) ?? byEnd[0];
}

async function demandGoodSignature(
  crypto: Crypto,
  { id, commit, signature }: { id: ObjectId; commit: Commit; signature: SshSignature },
  examination: Examination,
): Promise<void> {
  const isGood = await verifySshSignature(crypto, signature, gitNamespace, commit.signedPayload);
  examination.demand(isGood, "source/signature-invalid", id, "the commit was altered after it was signed");
}

function demandAlive(
  { name, validFor, retiredAt }: AllowedSigner,
  { id, firstSeen }: { id: ObjectId; firstSeen: Instant },
  examination: Examination,
): void {
  const seen = formatInstant(firstSeen);
  examination.demand(
    firstSeen >= parseInstant(validFor.start),
    "source/key-not-yet-valid",
    id,
    `the key of ${name} begins to count at ${validFor.start}; the log saw the commit at ${seen}`,
  );
  examination.demand(
    firstSeen <= parseInstant(validFor.end),
    "source/key-expired",
    id,
    `the key of ${name} stopped counting at ${validFor.end}; the log saw the commit at ${seen}`,
  );
  examination.demand(
    retiredAt === undefined || firstSeen < parseInstant(retiredAt),
    "source/key-retired",
    id,
    `the key of ${name} was retired at ${retiredAt}; the log saw the commit at ${seen}`,
  );
}
