import { findAttestationType, findHandOff, isFunctionary, isOutside } from "custody/evidence";
import type { LayoutStep, VerifiedBundle } from "custody/evidence";
import { CustodyError, instantOf } from "custody/ground";

import type { ControlPorts } from "./context.ts";

const daySeconds = 86_400;
/** Of one signer in a day: hundreds of commits, each tried again a few times. */
const maxOfSigner = 1000;

/**
 * Demands that a layout in force awaits this attestation from elsewhere: its signer, as this very step, of this type; and that
 * the signer has not sent more than anybody's pipeline does.
 *
 * @throws CustodyError `attestation/unasked`, `attestation/too-many`.
 */
export async function demandAwaited(
  ports: Pick<ControlPorts, "attestations" | "policies">,
  bundle: VerifiedBundle,
): Promise<void> {
  if (!(await isAwaited(ports, bundle))) throw unasked(bundle);
  const since = instantOf(bundle.signedAt - daySeconds * 1000);
  if ((await ports.attestations.countOfSigner(bundle.identity, since)) < maxOfSigner) return;
  throw new CustodyError(
    "attestation/too-many",
    `${bundle.identity} has handed in ${maxOfSigner} attestations within a day`,
    {
      subject: bundle.identity,
      next: "see what signs so often; with the server's token more are taken in",
    },
  );
}

async function isAwaited(
  { policies }: Pick<ControlPorts, "policies">,
  bundle: VerifiedBundle,
): Promise<boolean> {
  for (const repository of await policies.listRepositories()) {
    const policy = await policies.findPolicy(repository);
    if (policy?.layout.steps.some((step) => awaits(step, bundle))) return true;
  }
  return false;
}

function awaits({ name, expectedPredicate }: LayoutStep, bundle: VerifiedBundle): boolean {
  const { functionaries, predicateType } = expectedPredicate;
  const type = findAttestationType(predicateType);
  return (
    bundle.statement.predicateType === predicateType &&
    functionaries.some((one) => isOutside(one) && isFunctionary(one, bundle)) &&
    type !== undefined &&
    findHandOff(type, bundle.statement)?.step === name
  );
}

function unasked({ identity, issuer, statement }: VerifiedBundle): CustodyError {
  return new CustodyError(
    "attestation/unasked",
    `no layout asks for such an attestation by ${identity} of ${issuer}`,
    {
      subject: statement.predicateType,
      details: { verdict: "refused" },
      next: "name the step and its signer under `outside` in custody.yaml and set the policy, or hand it in with the server's token",
    },
  );
}
