import type { Bytes } from "custody/ground";
import { CustodyError } from "custody/ground";
import { Examination, examineBundle, isFunctionary, isOutside } from "custody/evidence";
import type { VerifiedBundle } from "custody/evidence";

import { recordOf } from "./attestation-record.ts";
import type { ControlPorts } from "./context.ts";
import type { AttestationRecord } from "./ports.ts";

/**
 * Keeps an attestation that was made elsewhere: signed under a certificate of this server, in its log, with a time. Kept is not
 * believed: it counts where a layout names its signer, and nowhere else.
 *
 * `onlyAwaited` takes in what a layout in force awaits from elsewhere, and nothing else: so the door can stand open.
 *
 * @throws CustodyError `attestation/refused` with the reason's own code for one that does not verify; `attestation/unasked`.
 */
export async function takeIn(
  ports: Pick<ControlPorts, "crypto" | "trustedRoot" | "attestations" | "policies">,
  bytes: Bytes,
  { onlyAwaited }: { readonly onlyAwaited: boolean },
): Promise<AttestationRecord> {
  const { crypto, trustedRoot, attestations } = ports;
  const examined = await examineBundle(crypto, bytes, trustedRoot, new Examination());
  if (examined.kind !== "verified") {
    const { code, message } = examined.reason;
    throw new CustodyError("attestation/refused", `the attestation is not taken in: ${message} [${code}]`, {
      details: { code },
      next: "sign it with a certificate of this server, as its signing configuration says",
    });
  }
  if (onlyAwaited && !(await isAwaited(ports, examined.bundle))) {
    throw new CustodyError(
      "attestation/unasked",
      `no layout asks for attestations by ${examined.bundle.identity} of ${examined.bundle.issuer}`,
      {
        next: "name the signer under `outside` in custody.yaml and set the policy, or hand it in with the server's token",
      },
    );
  }
  const record = recordOf({ bytes, bundle: examined.bundle });
  await attestations.add([record]);
  return record;
}

async function isAwaited(
  { policies }: Pick<ControlPorts, "policies">,
  bundle: VerifiedBundle,
): Promise<boolean> {
  for (const repository of await policies.listRepositories()) {
    const policy = await policies.findPolicy(repository);
    const awaited = policy?.layout.steps.some(({ expectedPredicate }) =>
      expectedPredicate.functionaries.some((one) => isOutside(one) && isFunctionary(one, bundle)),
    );
    if (awaited) return true;
  }
  return false;
}
