import type { Statement } from "custody/evidence";
import { release } from "custody/evidence";
import { hexOf } from "custody/ground";
import type { Digest } from "custody/ground";
import { artifactNames } from "custody/policy";

import { recordOf } from "../attestation-record.ts";
import type { HandOffContext, HandOffResult } from "../context.ts";
import { getState } from "../delivery.ts";
import { findOwn } from "../own-attestations.ts";
import { getPolicyInForce } from "../policy-in-force.ts";
import { askGate } from "./ask-gate.ts";
import { publishFacts, subjectFacts } from "./gate-facts.ts";

/** Image → registry: pushed over the distribution protocol, its attestations attached through the referrers API. */
export async function handOverPublication(context: HandOffContext): Promise<HandOffResult> {
  const { ports, delivery } = context;
  const { repository, commit } = delivery;
  const image = getState(delivery, "image");
  const tag = commit.slice(0, 12);
  const tags = [tag, "latest"];
  const records = await findOwn(ports, delivery.state.attestations ?? []);
  const facts = publishFacts(subjectFacts(ports, delivery), image, tags, records);
  const end = await askGate(ports, "publish", facts, await getPolicyInForce(ports, repository));
  if (end) return end;
  const { reference } = await ports.publisher.publish(repository, image, tags);
  context.say(`pushed ${reference}`);
  const statement = releaseOf(repository, image, reference, tag);
  const attestation = recordOf(await ports.attest(ports.identities.publish(repository), statement));
  for (const record of [...records, attestation]) await ports.publisher.attach(repository, image, record);
  return { phase: "gate", learnt: {}, attestations: [attestation] };
}

function releaseOf(repository: string, image: Digest, reference: string, tag: string): Statement {
  const name = repository.split("/").at(-1) ?? repository;
  const location = encodeURIComponent(reference.split("@")[0] ?? reference);
  return {
    subject: [{ name: artifactNames.image, digest: { sha256: hexOf(image) } }],
    predicateType: release.predicateType,
    predicate: {
      purl: `pkg:oci/${name}@${encodeURIComponent(image)}?repository_url=${location}&tag=${tag}`,
      custody_tag: tag,
    },
  };
}
