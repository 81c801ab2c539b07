import type { Pipeline } from "custody/factory";
import type { PipelineOutline } from "custody/policy";

/** What of a pipeline its repository's layout holds later deliveries to. */
export function outlineOf({ name, steps, outside, image }: Pipeline): PipelineOutline {
  return {
    repository: name,
    steps: steps.map(({ name, kind, stemcell, inputs }) => ({ name, kind, stemcell, inputs })),
    outside: outside.map(({ name, identity, issuer }) => ({ name, identity, issuer })),
    image: { stemcell: image.stemcell, from: [...new Set(image.files.map(({ step }) => step))] },
  };
}
