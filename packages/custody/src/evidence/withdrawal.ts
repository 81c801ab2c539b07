import { CustodyError, hexOf } from "custody/ground";
import { findSpiffeId, spiffeIdOf, trustDomainOf } from "custody/spiffe";

import type { Functionary, SignerName } from "./functionary.ts";
import { isFunctionary } from "./functionary.ts";
import { isLater } from "./log-order.ts";
import type { Statement } from "./statement.ts";
import { withdrawal } from "./types/withdrawal.ts";
import type { WithdrawalPredicate } from "./types/withdrawal.ts";
import type { ExaminedBundle, VerifiedBundle } from "./verify-bundle.ts";

/** A withdrawal, verified and as it came. */
export interface Withdrawal {
  readonly bundle: VerifiedBundle;
  readonly predicate: WithdrawalPredicate;
}

/** An attestation as a withdrawal names it: its words (SHA-256 of the payload, hexadecimal) and who signed them. */
export interface SaidWords extends SignerName {
  readonly payload: string;
}

/** Why words are taken back, and which others take their place. */
export interface WithdrawalWish {
  readonly reason: string;
  readonly instead?: SaidWords | undefined;
}

/**
 * The statement that takes words back.
 *
 * @throws CustodyError `evidence/superseded-by-itself`.
 */
export function planWithdrawal(said: SaidWords, { reason, instead }: WithdrawalWish): Statement {
  if (instead?.payload === said.payload) throw supersededByItself(said);
  return {
    subject: [{ name: "attestation", digest: { sha256: said.payload } }],
    predicateType: withdrawal.predicateType,
    predicate: {
      signer: { identity: said.identity, issuer: said.issuer },
      reason,
      ...(instead ? { supersededBy: { digest: { sha256: instead.payload } } } : {}),
    },
  };
}

/**
 * What a withdrawal takes back, by its own words.
 *
 * @returns undefined for a statement that is none, or that names not exactly one attestation.
 * @throws CustodyError `evidence/superseded-by-itself`.
 */
export function findWithdrawnWords(statement: Statement): SaidWords | undefined {
  const predicate = readPredicate({ statement });
  const [subject, second] = statement.subject;
  const payload = subject?.digest["sha256"];
  if (!predicate || payload === undefined || second) return undefined;
  const said = { payload, ...predicate.signer };
  if (predicate.supersededBy?.digest["sha256"] === payload) throw supersededByItself(said);
  return said;
}

function supersededByItself({ payload }: SaidWords): CustodyError<"evidence/superseded-by-itself"> {
  return new CustodyError("evidence/superseded-by-itself", "an attestation cannot take its own place", {
    subject: `sha256:${payload}`,
    next: "name the attestation that takes its place, or none",
  });
}

/** The withdrawals among verified bundles; what cannot be read as one withdraws nothing. */
export function findWithdrawals(examined: readonly ExaminedBundle[]): readonly Withdrawal[] {
  return examined.flatMap((one) => {
    if (one.kind !== "verified" || one.bundle.statement.predicateType !== withdrawal.predicateType) return [];
    const predicate = readPredicate(one.bundle);
    return predicate ? [{ bundle: one.bundle, predicate }] : [];
  });
}

function readPredicate({ statement }: Pick<VerifiedBundle, "statement">): WithdrawalPredicate | undefined {
  try {
    return withdrawal.parse(statement.predicate);
  } catch {
    return undefined;
  }
}

/**
 * The withdrawal that takes an attestation back: of this very payload, by whom it may be, logged after it. What is attested
 * again after its withdrawal counts again.
 *
 * It may be its signer; the part of the signer's trust domain that withdraws (`spiffe://DOMAIN/withdrawal`); or who a
 * policy names.
 */
export function findWithdrawalOf(
  bundle: VerifiedBundle,
  withdrawals: readonly Withdrawal[],
  withdrawers: readonly Functionary[],
): Withdrawal | undefined {
  return withdrawals.find(
    (one) =>
      one.bundle.statement.subject.some(({ digest }) => digest["sha256"] === hexOf(bundle.payload)) &&
      one.predicate.signer.identity === bundle.identity &&
      one.predicate.signer.issuer === bundle.issuer &&
      mayWithdraw(one.bundle, bundle, withdrawers) &&
      isLater(one.bundle, bundle),
  );
}

/** Whether somebody may take back what a signer said, as {@link findWithdrawalOf} demands it. */
export function mayWithdraw(
  by: SignerName,
  signer: SignerName,
  withdrawers: readonly Functionary[],
): boolean {
  const isSigner = by.identity === signer.identity && by.issuer === signer.issuer;
  return isSigner || isOfDomain(by, signer.identity) || withdrawers.some((one) => isFunctionary(one, by));
}

// A name that is no SPIFFE ID is of no trust domain, whatever it begins with.
function isOfDomain(by: SignerName, identity: string): boolean {
  const id = findSpiffeId(identity);
  return id !== undefined && isFunctionary(spiffeIdOf(trustDomainOf(id), "withdrawal"), by);
}
