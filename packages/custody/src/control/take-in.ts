import type { Bytes, Reason } from "custody/ground";
import { CustodyError } from "custody/ground";
import { Examination, examineBundle, findWithdrawnWords, withdrawal } from "custody/evidence";
import type { ExaminedBundle, VerifiedBundle } from "custody/evidence";

import { recordOf } from "./attestation-record.ts";
import { demandAwaited } from "./awaited.ts";
import type { ControlPorts } from "./context.ts";
import type { AttestationRecord } from "./ports.ts";
import { findEarlierWithdrawal } from "./withdrawn-words.ts";

/** What takes attestations in. */
export type TakeInPorts = Pick<ControlPorts, "crypto" | "trustedRoot" | "attestations" | "policies">;

/** An attestation as it is kept. */
export interface TakenIn {
  readonly record: AttestationRecord;
  /** False for a withdrawal of what was withdrawn before: then the record is of what did it, and this one was not kept. */
  readonly isNew: boolean;
}

/**
 * Keeps an attestation that was made elsewhere: signed under a certificate of this server, in its log, with a time. Kept is not
 * believed: it counts where a layout names its signer, and nowhere else. A withdrawal is kept where it counts.
 *
 * `onlyAwaited` takes in what a layout in force awaits from elsewhere, withdrawals, and nothing else: so the door can
 * stand open.
 *
 * @throws CustodyError `attestation/refused` with the reason's own code for one that does not verify, `attestation/unreadable`;
 * `attestation/unasked`, `attestation/too-many`; `attestation/unknown`, `attestation/withdrawer`,
 * `evidence/superseded-by-itself` for withdrawals.
 */
export async function takeIn(
  ports: TakeInPorts,
  bytes: Bytes,
  { onlyAwaited }: { readonly onlyAwaited: boolean },
): Promise<TakenIn> {
  const examined = await examineBundle(ports.crypto, bytes, ports.trustedRoot, new Examination());
  if (examined.kind !== "verified") throw notTakenIn(examined);
  const { bundle } = examined;
  const isWithdrawal = bundle.statement.predicateType === withdrawal.predicateType;
  const earlier = isWithdrawal ? await findEarlier(ports, bundle) : undefined;
  if (earlier) return { record: earlier, isNew: false };
  if (onlyAwaited && !isWithdrawal) await demandAwaited(ports, bundle);
  const record = recordOf({ bytes, bundle });
  await ports.attestations.add([record]);
  return { record, isNew: true };
}

function findEarlier(ports: TakeInPorts, bundle: VerifiedBundle): Promise<AttestationRecord | undefined> {
  const said = findWithdrawnWords(bundle.statement);
  if (said) return findEarlierWithdrawal(ports, bundle, said);
  throw new CustodyError(
    "attestation/refused",
    "the withdrawal names not exactly one attestation and its signer",
    {
      details: { code: "evidence/predicate-malformed", verdict: "refused" },
      next: "make it with custody withdraw",
    },
  );
}

function notTakenIn({ kind, reason }: Exclude<ExaminedBundle, { readonly kind: "verified" }>): CustodyError {
  const { code, message } = reason;
  const said = `the attestation is not taken in: ${message} [${code}]`;
  if (kind === "unreadable") {
    return new CustodyError("attestation/unreadable", said, {
      details: { code },
      next: "send a Sigstore bundle v0.3 that holds an in-toto statement, as it was made",
    });
  }
  const details = { code, verdict: "refused" };
  return new CustodyError("attestation/refused", said, { details, next: nextOf(reason) });
}

function nextOf({ code }: Reason): string {
  return code === "evidence/identity-mismatch"
    ? "only a signer whose name is a URI counts in a chain; keep the bundle for others (--bundle FILE --no-upload)"
    : "sign it with a certificate of this server, as its signing configuration says";
}
