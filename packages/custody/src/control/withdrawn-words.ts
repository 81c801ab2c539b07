import {
  Examination,
  examineBundles,
  findWithdrawalOf,
  findWithdrawals,
  isFunctionary,
  mayWithdraw,
  withdrawal,
} from "custody/evidence";
import type { ExaminedBundle, Functionary, SaidWords, SignerName, VerifiedBundle } from "custody/evidence";
import { CustodyError } from "custody/ground";

import type { ControlPorts } from "./context.ts";
import type { AttestationRecord } from "./ports.ts";

type WithdrawalPorts = Pick<ControlPorts, "attestations" | "crypto" | "policies" | "trustedRoot">;

/**
 * Demands that a withdrawal of these words by this signer would count where they count: the words are kept here, and it is
 * their signer, the signer's trust domain, or one whom a policy that asks for the signer names.
 *
 * @returns the withdrawal that took them back already, if nothing is left to take back.
 * @throws CustodyError `attestation/unknown`, `attestation/withdrawer`.
 */
export async function findEarlierWithdrawal(
  ports: WithdrawalPorts,
  by: SignerName,
  said: SaidWords,
): Promise<AttestationRecord | undefined> {
  const kept = await findKept(ports, said);
  if (kept.length === 0) throw unknownWords(said);
  const withdrawers = await findWithdrawers(ports, said);
  if (!mayWithdraw(by, said, withdrawers)) throw notTheirs(by, said);
  const artifact = `sha256:${said.payload}`;
  const { predicateType } = withdrawal;
  const records = await ports.attestations.findByArtifacts([artifact], { as: "material", predicateType });
  const withdrawals = findWithdrawals(await examine(ports, records));
  const found = kept.map((one) => findWithdrawalOf(one, withdrawals, withdrawers));
  if (!found.every((one) => one !== undefined)) return undefined;
  return records.find(({ digest }) => digest === found.at(-1)?.bundle.digest);
}

// Kept is not believed: what does not verify any more counts nowhere, and there is nothing to take back.
async function findKept(
  ports: WithdrawalPorts,
  { payload, identity, issuer }: SaidWords,
): Promise<readonly VerifiedBundle[]> {
  const records = await ports.attestations.findByArtifacts([`sha256:${payload}`], { as: "payload" });
  return (await examine(ports, records)).flatMap((one) =>
    one.kind === "verified" && one.bundle.identity === identity && one.bundle.issuer === issuer
      ? [one.bundle]
      : [],
  );
}

function examine(
  { crypto, trustedRoot }: WithdrawalPorts,
  records: readonly AttestationRecord[],
): Promise<ExaminedBundle[]> {
  const bytes = records.map((record) => record.bytes);
  return examineBundles(crypto, bytes, trustedRoot, new Examination());
}

// A policy speaks for the signers that its own layout asks for.
async function findWithdrawers(
  { policies }: WithdrawalPorts,
  said: SaidWords,
): Promise<readonly Functionary[]> {
  const found: Functionary[] = [];
  for (const repository of await policies.listRepositories()) {
    const policy = await policies.findPolicy(repository);
    const asksFor = policy?.layout.steps.some(({ expectedPredicate }) =>
      expectedPredicate.functionaries.some((one) => isFunctionary(one, said)),
    );
    if (asksFor) found.push(...(policy?.withdrawers ?? []));
  }
  return found;
}

function unknownWords({ payload, identity, issuer }: SaidWords): CustodyError {
  const subject = `sha256:${payload}`;
  return new CustodyError(
    "attestation/unknown",
    `nothing that ${identity} of ${issuer} said as ${subject} is kept here`,
    {
      subject,
      next: "hand the attestation in first, or ask the server that keeps it",
    },
  );
}

function notTheirs(by: SignerName, { identity, issuer }: SaidWords): CustodyError {
  return new CustodyError(
    "attestation/withdrawer",
    `what ${identity} of ${issuer} said is not for ${by.identity} of ${by.issuer} to take back: it would count nowhere`,
    {
      subject: identity,
      details: { verdict: "refused" },
      next: "let its signer withdraw it (custody withdraw BUNDLE), or name who may under `withdrawers` in custody.yaml and set the policy",
    },
  );
}
