import type { Statement } from "custody/evidence";
import { provenance } from "custody/evidence";
import { packageImage, parsePipeline } from "custody/factory";
import type { ImageRecord } from "custody/factory";
import { hexOf } from "custody/ground";
import type { Digest } from "custody/ground";

import { recordOf } from "../attestation-record.ts";
import type { HandOffContext, HandOffResult } from "../context.ts";
import { getState } from "../delivery.ts";
import { getPolicyInForce } from "../policy-in-force.ts";
import { askGate } from "./ask-gate.ts";
import { packageFacts, subjectFacts } from "./gate-facts.ts";

const buildType = "https://custody.dev/build/package/v1";

/** Products → image: the stemcell's layer and one of products, the same digest for the same inputs. */
export async function handOverPackage(context: HandOffContext): Promise<HandOffResult> {
  const { ports, delivery } = context;
  const pipeline = parsePipeline(getState(delivery, "pipeline"));
  const stemcell: Digest | undefined = getState(delivery, "stemcells")[pipeline.image.stemcell];
  if (!stemcell) throw new TypeError(`stemcell ${pipeline.image.stemcell} was not prepared`);
  const products = getState(delivery, "steps");
  const { architecture } = ports;
  const image = await packageImage(ports.factory, pipeline, {
    stemcell,
    products,
    architecture,
    annotations: { "org.opencontainers.image.revision": delivery.commit },
  });
  const from = { stemcell: { name: pipeline.image.stemcell, digest: stemcell }, products, architecture };
  const facts = packageFacts(subjectFacts(ports, delivery), image, from);
  const end = await askGate(ports, "package", facts, await getPolicyInForce(ports, delivery.repository));
  if (end) return end;
  context.say(`image ${image.manifest.digest}`);
  const statement = provenanceOf(context, image);
  const attestation = recordOf(await ports.attest(ports.identities.package(delivery.repository), statement));
  return { phase: "publish", learnt: { image: image.manifest.digest }, attestations: [attestation] };
}

function provenanceOf({ ports, delivery }: HandOffContext, { materials, products }: ImageRecord): Statement {
  const toDescriptor = ({ name, digest }: { name: string; digest: Digest }) => ({
    name,
    digest: { sha256: hexOf(digest) },
  });
  return {
    subject: products.map(toDescriptor),
    predicateType: provenance.predicateType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: { step: "package", repository: delivery.repository, commit: delivery.commit },
        resolvedDependencies: materials.map(toDescriptor),
      },
      runDetails: {
        builder: { id: ports.identities.package(delivery.repository) },
        metadata: { invocationId: `${delivery.id}/package` },
      },
    },
  };
}
