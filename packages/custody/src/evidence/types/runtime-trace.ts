import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import {
  artifactsOf,
  listOf,
  nameShape,
  optionalDigestShape,
  textShape,
  timestampShape,
} from "../predicate-shapes.ts";

/** A file as the monitor saw it: one file may come several times, and change in between. */
const fileShape = v.object({
  name: v.nullish(textShape, ""),
  uri: v.nullish(textShape),
  digest: optionalDigestShape,
});

const monitorLogShape = v.pipe(
  v.object({
    process: v.nullish(listOf(v.looseObject({}))),
    network: v.nullish(listOf(v.looseObject({}))),
    fileAccess: v.nullish(listOf(fileShape)),
  }),
  v.check(
    (log) => [log.process, log.network, log.fileAccess].some(Boolean),
    "one of process, network and fileAccess must be there",
  ),
);

const shape = v.object({
  monitor: v.object({
    type: nameShape,
    configSource: v.nullish(v.looseObject({})),
    tracePolicy: v.nullish(v.looseObject({})),
  }),
  monitoredProcess: v.object({ hostID: nameShape, type: nameShape, event: nameShape }),
  monitorLog: monitorLogShape,
  metadata: v.nullish(
    v.object({ buildStartedOn: v.nullish(timestampShape), buildFinishedOn: v.nullish(timestampShape) }),
  ),
});

export type RuntimeTracePredicate = v.InferOutput<typeof shape>;

/** What a monitor saw while the subjects were made (in-toto/attestation, runtime-trace v0.1). */
export const runtimeTrace: AttestationType<RuntimeTracePredicate> = {
  name: "runtime-trace",
  predicateType: "https://in-toto.io/attestation/runtime-trace/v0.1",
  shape,
  parse: predicateParser("runtime trace", shape),
  handOff: (subject, { monitorLog }) => ({
    step: undefined,
    materials: [...subject, ...artifactsOf(monitorLog.fileAccess ?? [])],
    products: [],
    weakened: [],
  }),
  render: (subject, { monitor, monitoredProcess, monitorLog: log }) =>
    `${shortText(monitor.type)} watched ${shortText(monitoredProcess.event)} make ${shortDigest(subject[0])}: ` +
    `${log.process?.length ?? 0} processes, ${log.network?.length ?? 0} connections, ${log.fileAccess?.length ?? 0} files`,
};
