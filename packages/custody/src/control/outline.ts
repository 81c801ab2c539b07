import type { Pipeline } from "custody/factory";
import type { PipelineOutline } from "custody/policy";

/** What of a pipeline its repository's layout holds later deliveries to. */
export function outlineOf({ name, steps, image }: Pipeline): PipelineOutline {
  return {
    repository: name,
    steps: steps.map(({ name, kind, stemcell, inputs }) => ({ name, kind, stemcell, inputs })),
    image: { stemcell: image.stemcell, from: [...new Set(image.files.map(({ step }) => step))] },
  };
}
