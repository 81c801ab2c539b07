import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest } from "../attestation-type.ts";
import { digestSetShape } from "../statement.ts";

const shape = v.object({
  workload: v.string(),
  /** The verification summary that admitted the image. */
  admission: v.object({ digest: digestSetShape }),
  process: v.object({ pid: v.number(), startedOn: v.string() }),
  isolation: v.looseObject({ level: v.string(), without: v.optional(v.array(v.string()), []) }),
});

export type RunPredicate = v.InferOutput<typeof shape>;

/** A process runs the subject, and which decision let it. */
export const run: AttestationType<RunPredicate> = {
  name: "run",
  predicateType: "https://custody.dev/attestation/run/v1",
  shape,
  parse: predicateParser("run", shape),
  handOff: (subject, { isolation }) => ({
    step: "run",
    materials: subject,
    products: [],
    weakened: isolation.without,
  }),
  render: (subject, { workload, process: running }) =>
    `${workload} runs ${shortDigest(subject[0])} as pid ${running.pid}`,
};
