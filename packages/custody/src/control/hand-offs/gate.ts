import type { Sighting, VerifiedChain } from "custody/evidence";
import { instantOf } from "custody/ground";
import type { Digest } from "custody/ground";
import { decide, summarize } from "custody/policy";
import type { Decision, GateQuestion } from "custody/policy";

import { recordOf } from "../attestation-record.ts";
import type { ControlPorts, HandOffContext, HandOffResult } from "../context.ts";
import { endWith } from "../context.ts";
import { getState } from "../delivery.ts";
import { awaitOutside } from "../outside-evidence.ts";
import { findOwn } from "../own-attestations.ts";
import { getPolicyInForce } from "../policy-in-force.ts";
import type { AttestationRecord } from "../ports.ts";
import { withWithdrawals } from "../withdrawals.ts";

/** Chain → decision: the whole chain against the layout, the answer attested and logged with its reasons. */
export async function handOverDecision(context: HandOffContext): Promise<HandOffResult> {
  const { ports, delivery } = context;
  const { repository } = delivery;
  const image = getState(delivery, "image");
  const own = await findOwn(ports, delivery.state.attestations ?? []);
  const records = await withWithdrawals(ports, [...own, ...(await awaitOutside(context))]);
  const decision = await decideOn(ports, repository, image, records);
  if (decision.verdict.kind === "undecided") return endWith("undecided", decision.verdict.reasons);
  const statement = summarize(decision, ports.identities.gate, resourceOf(repository, image));
  const attestation = recordOf(await ports.attest(ports.identities.gate, statement));
  await ports.publisher.attach(repository, image, attestation);
  if (decision.verdict.kind === "refused") return endWith("refused", decision.verdict.reasons, [attestation]);
  context.say(`admitted: ${decision.verdict.facts.steps.length} hand-offs verified`);
  await ports.workloads.raiseHighWater(repository, sightingOfCommit(decision.verdict.facts));
  return { phase: "run", learnt: {}, attestations: [attestation] };
}

type DecidingPorts = Pick<
  ControlPorts,
  "attestations" | "clock" | "crypto" | "gates" | "identities" | "policies" | "trustedRoot" | "workloads"
>;

/** The gate's answer about an image, on these attestations, under the policy in force now. */
export async function decideOn(
  ports: DecidingPorts,
  repository: string,
  image: Digest,
  records: readonly AttestationRecord[],
): Promise<Decision> {
  const notBefore = await ports.workloads.findHighWater(repository);
  return decide(ports, ports.trustedRoot, {
    ...(await questionOf(ports, repository, image, records)),
    ...(notBefore === undefined ? {} : { notBefore }),
  });
}

/**
 * The same about the image that a workload is to run already, when it has to be started again: a later commit may
 * have been admitted since, without anything to run, and nothing goes back to what was before.
 */
export async function decideOnCurrent(
  ports: DecidingPorts,
  repository: string,
  image: Digest,
  records: readonly AttestationRecord[],
): Promise<Decision> {
  return decide(ports, ports.trustedRoot, await questionOf(ports, repository, image, records));
}

async function questionOf(
  ports: DecidingPorts,
  repository: string,
  image: Digest,
  records: readonly AttestationRecord[],
): Promise<GateQuestion> {
  const policy = await getPolicyInForce(ports, repository);
  return { image, policy, bundles: records.map(({ bytes }) => bytes), at: ports.clock.now() };
}

/** The image as a verification summary names it. */
export function resourceOf(repository: string, image: Digest): string {
  return `pkg:oci/${repository.split("/").at(-1) ?? repository}@${encodeURIComponent(image)}`;
}

function sightingOfCommit({ steps }: VerifiedChain): Sighting {
  const source = steps.find(({ name }) => name === "source");
  return { signedAt: source?.signedAt ?? instantOf(0), logIndex: source?.logIndex ?? 0 };
}
