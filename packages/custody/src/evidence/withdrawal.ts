import { hexOf } from "custody/ground";
import { trustDomainOf } from "custody/spiffe";
import type { SpiffeId } from "custody/spiffe";

import type { Functionary } from "./functionary.ts";
import { isFunctionary } from "./functionary.ts";
import { isLater } from "./log-order.ts";
import { withdrawal } from "./types/withdrawal.ts";
import type { WithdrawalPredicate } from "./types/withdrawal.ts";
import type { ExaminedBundle, VerifiedBundle } from "./verify-bundle.ts";

/** A withdrawal, verified and as it came. */
export interface Withdrawal {
  readonly bundle: VerifiedBundle;
  readonly predicate: WithdrawalPredicate;
}

/** The withdrawals among verified bundles; what cannot be read as one withdraws nothing. */
export function findWithdrawals(examined: readonly ExaminedBundle[]): readonly Withdrawal[] {
  return examined.flatMap((one) => {
    if (one.kind !== "verified" || one.bundle.statement.predicateType !== withdrawal.predicateType) return [];
    const predicate = readPredicate(one.bundle);
    return predicate ? [{ bundle: one.bundle, predicate }] : [];
  });
}

function readPredicate({ statement }: VerifiedBundle): WithdrawalPredicate | undefined {
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

function mayWithdraw(
  by: VerifiedBundle,
  { identity, issuer }: VerifiedBundle,
  withdrawers: readonly Functionary[],
): boolean {
  const isSigner = by.identity === identity && by.issuer === issuer;
  return isSigner || isOfDomain(by, identity) || withdrawers.some((one) => isFunctionary(one, by));
}

function isOfDomain(by: VerifiedBundle, identity: string): boolean {
  if (!identity.startsWith("spiffe://")) return false;
  const domain = trustDomainOf(identity as SpiffeId);
  return isFunctionary(`spiffe://${domain}/withdrawal` as SpiffeId, by);
}
