import type { SaidWords } from "custody/evidence";
import { parseBundle, planWithdrawal, withdrawal } from "custody/evidence";
import { CustodyError, digestOf, hexOf } from "custody/ground";
import type { Crypto, Digest } from "custody/ground";

import { recordOf } from "./attestation-record.ts";
import type { ControlPorts } from "./context.ts";
import type { AttestationRecord } from "./ports.ts";
import { findEarlierWithdrawal } from "./withdrawn-words.ts";

interface Hashing {
  readonly crypto: Pick<Crypto, "sha256">;
}

/** Why an attestation is taken back, and what takes its place. */
export interface WithdrawalRequest {
  readonly reason: string;
  /** The bundle of the attestation that takes its place. */
  readonly supersededBy?: Digest | undefined;
}

/** A withdrawal as it is kept. */
export interface KeptWithdrawal {
  readonly record: AttestationRecord;
  /** False where the attestation was withdrawn before: then nothing was signed, and this is what did it. */
  readonly isNew: boolean;
}

/**
 * Withdraws an attestation in the name of the trust domain, in the log: every decision from then on sees it, and what already
 * runs is judged again within a minute. It stays where it is; nothing is deleted.
 *
 * @throws CustodyError `attestation/unknown` for a digest of none that is kept here; `attestation/withdrawer` for one that
 * another signer has to take back; `evidence/superseded-by-itself`; what signing and the log throw.
 */
export async function withdraw(
  ports: Pick<
    ControlPorts,
    "attest" | "attestations" | "crypto" | "identities" | "policies" | "trustDomain" | "trustedRoot"
  >,
  digest: Digest,
  { reason, supersededBy }: WithdrawalRequest,
): Promise<KeptWithdrawal> {
  const said = saidIn(ports, await getRecord(ports, digest));
  const instead = supersededBy && saidIn(ports, await getRecord(ports, supersededBy));
  const statement = planWithdrawal(said, { reason, instead });
  const by = { identity: ports.identities.withdrawal, issuer: `spiffe://${ports.trustDomain}` };
  const earlier = await findEarlierWithdrawal(ports, by, said);
  if (earlier) return { record: earlier, isNew: false };
  const record = recordOf(await ports.attest(ports.identities.withdrawal, statement));
  await ports.attestations.add([record]);
  return { record, isNew: true };
}

/** The same attestations, and those that withdraw one of them. */
export async function withWithdrawals(
  ports: Pick<ControlPorts, "attestations"> & Hashing,
  records: readonly AttestationRecord[],
): Promise<AttestationRecord[]> {
  const { predicateType } = withdrawal;
  const payloads = records.map((record) => `sha256:${saidIn(ports, record).payload}`);
  const found = await ports.attestations.findByArtifacts(payloads, { as: "material", predicateType });
  return [...records, ...found];
}

async function getRecord(
  { attestations }: Pick<ControlPorts, "attestations">,
  digest: Digest,
): Promise<AttestationRecord> {
  const record = await attestations.find(digest);
  if (record) return record;
  throw new CustodyError("attestation/unknown", `no attestation ${digest} is kept here`, {
    subject: digest,
    next: "custody trace names the attestations of an image by their digests",
  });
}

// What is kept was verified when it came.
function saidIn({ crypto }: Hashing, { bytes }: AttestationRecord): SaidWords {
  const { envelope, certificate } = parseBundle(bytes);
  return {
    payload: hexOf(digestOf(crypto, envelope.payload)),
    identity: certificate.uris[0] ?? "",
    issuer: certificate.oidcIssuer ?? "",
  };
}
