import type { Statement } from "custody/evidence";
import { provenance } from "custody/evidence";
import { packageImage, parsePipeline } from "custody/factory";
import type { ImageRecord } from "custody/factory";
import { hexOf } from "custody/ground";
import type { Digest } from "custody/ground";

import { recordOf } from "../attestation-record.ts";
import type { HandOffContext, HandOffResult } from "../context.ts";
import { getState } from "../delivery.ts";

const buildType = "https://custody.dev/build/package/v1";

/** Products → image: the stemcell's layer and one of products, the same digest for the same inputs. */
export async function handOverPackage(context: HandOffContext): Promise<HandOffResult> {
  const { ports, delivery } = context;
  const pipeline = parsePipeline(getState(delivery, "pipeline"));
  const stemcell: Digest | undefined = getState(delivery, "stemcells")[pipeline.image.stemcell];
  if (!stemcell) throw new TypeError(`stemcell ${pipeline.image.stemcell} was not prepared`);
  const image = await packageImage(ports.factory, pipeline, {
    stemcell,
    products: getState(delivery, "steps"),
    architecture: ports.architecture,
    annotations: { "org.opencontainers.image.revision": delivery.commit },
  });
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
