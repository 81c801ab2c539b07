import { Examination, Refusal } from "custody/evidence";
import type { Crypto, Instant, Verdict } from "custody/ground";
import { allowed, CustodyError, undecided } from "custody/ground";

import type { Artifact } from "./artifact.ts";
import { Subject } from "./artifact.ts";
import type { SigstoreBundle } from "./bundle.ts";
import { parseSigstoreBundle } from "./bundle.ts";
import { Check } from "./check.ts";
import { demandContent } from "./content.ts";
import type { Signed } from "./entries/index.ts";
import type { SignerIdentity } from "./identity.ts";
import { demandLogs, verifyLogs } from "./logs.ts";
import type { SigstorePolicy } from "./policy.ts";
import { checkPolicy } from "./policy.ts";
import type { SigstoreRefusal } from "./reasons.ts";
import { Seen } from "./seen.ts";
import type { Signer } from "./signer.ts";
import { demandCertificate, demandIdentity, findSigner } from "./signer.ts";
import type { SignedStatement } from "./statement.ts";
import { demandTimes, verifyTimestamps } from "./times.ts";
import type { SignedTime } from "./times.ts";
import type { SigstoreTrustedRoot } from "./trusted-root.ts";
import { demandWitnesses } from "./witnesses.ts";

/** What is verified, and against what. */
export interface SigstoreQuestion {
  /** The bundle's JSON as it came. */
  readonly bundle: Uint8Array;
  readonly artifact: Artifact;
  readonly root: SigstoreTrustedRoot;
  readonly policy: SigstorePolicy;
}

/** With what it is verified. */
export interface SigstorePorts {
  readonly crypto: Crypto;
  /** What earlier verifications under the same root found out; without it each begins anew. */
  readonly seen?: Seen;
}

/** A signature over the artifact that counts: who, when, and where it stands. */
export interface VerifiedSignature {
  /** The artifact, by the first digest known of it. */
  readonly artifact: string;
  /** None for a signature with a key that the caller brought. */
  readonly signer: SignerIdentity | undefined;
  /** All times for which someone trusted signed. */
  readonly times: readonly Instant[];
  readonly logs: readonly { readonly origin: string; readonly index: number }[];
  readonly statement: SignedStatement | undefined;
  /** The checks that were off: none but in tests, and an answer with any is good for nothing else. */
  readonly without: readonly SigstoreRefusal[];
}

/**
 * Whether a Sigstore bundle is a signature over the artifact that the policy accepts. Everything that the bundle brings
 * must hold, what is not needed too; nothing is read from anywhere else.
 *
 * @example
 * const root = parseSigstoreRoot(rootBytes);
 * const policy = { signer: { kind: "certificate", identity: "me@example.org", issuer: "https://accounts.example.org" } };
 * const verdict = await verifySigstoreBundle({ crypto }, { bundle, artifact: { kind: "bytes", bytes }, root, policy });
 */
export async function verifySigstoreBundle(
  ports: SigstorePorts,
  question: SigstoreQuestion,
  examination: Examination<SigstoreRefusal> = new Examination<SigstoreRefusal>(),
): Promise<Verdict<VerifiedSignature>> {
  const { crypto } = ports;
  const subject = new Subject(crypto, question.artifact);
  try {
    checkPolicy(question.policy);
    const bundle = parseSigstoreBundle(question.bundle);
    const seen = ports.seen?.isOf(question.root) === true ? ports.seen : new Seen(question.root);
    const check = new Check({ crypto, root: question.root, seen }, examination, subject.name);
    const facts = await verifyParsed(check, bundle, subject, question.policy);
    return allowed({ ...facts, without: [...examination.without] });
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reasons: [error.reason] };
    if (!(error instanceof CustodyError)) throw error;
    return undecided(error.code, subject.name, error.message);
  }
}

async function verifyParsed(
  check: Check,
  bundle: SigstoreBundle,
  subject: Subject,
  policy: SigstorePolicy,
): Promise<Omit<VerifiedSignature, "without">> {
  const { material, content, timestamps } = bundle;
  const thresholds = policy.thresholds ?? {};
  const signer = await findSigner(check, material, policy.signer);
  const stamped = await verifyTimestamps(check, timestamps, content.signature);
  const signed = signedOf(check.crypto, signer, bundle, subject);
  const logged = await verifyLogs(check, bundle, signed, timesOf(stamped));
  demandLogs(check, logged, thresholds.logs ?? 1);
  const times = demandTimes(check, stamped, logged, thresholds.times ?? 1);
  if (policy.witnesses) {
    await demandWitnesses(check, { entries: bundle.logEntries, logged, times }, policy.witnesses);
  }
  if (signer.known) demandCertificate(check, signer.known, times, thresholds);
  const statement = await demandContent(check, bundle, subject, signer.key);
  demandPredicate(check, statement, policy.predicateType);
  const identity = signer.known && demandIdentity(check, signer.known.certificate, policy.signer);
  const logs = logged.map(({ log, index }) => ({ origin: log?.origin ?? "", index }));
  return { artifact: subject.name, signer: identity, times, logs, statement };
}

function timesOf(signed: readonly SignedTime[]): Instant[] {
  return signed.map(({ time }) => time);
}

function signedOf(
  crypto: Crypto,
  { key, known }: Signer,
  { content }: SigstoreBundle,
  subject: Subject,
): Signed {
  return {
    crypto,
    key,
    certificate: known?.certificate.der,
    signature: content.signature,
    content: content.kind === "dsse" ? content : { kind: "message", subject },
  };
}

function demandPredicate(
  check: Check,
  statement: SignedStatement | undefined,
  wanted: string | undefined,
): void {
  check.demand(
    wanted === undefined || statement?.predicateType === wanted,
    "sigstore/predicate-type",
    `the statement is of type ${statement?.predicateType ?? "none"}, not ${wanted ?? "any"}`,
  );
}
