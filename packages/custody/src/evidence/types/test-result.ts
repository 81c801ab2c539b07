import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortText } from "../attestation-type.ts";
import { artifactsOf, listOf, resourceShape, textShape } from "../predicate-shapes.ts";

const shape = v.object({
  result: v.picklist(["PASSED", "WARNED", "FAILED"]),
  configuration: listOf(resourceShape),
  url: v.nullish(textShape),
  passedTests: v.nullish(listOf(textShape), []),
  warnedTests: v.nullish(listOf(textShape), []),
  failedTests: v.nullish(listOf(textShape), []),
  custody_step: v.optional(v.string()),
  custody_isolation: v.optional(
    v.looseObject({ level: v.string(), without: v.optional(v.array(v.string()), []) }),
  ),
});

export type TestResultPredicate = v.InferOutput<typeof shape>;

/** A test ran over the subjects (in-toto/attestation, test-result v0.1); only `PASSED` is a hand-off. */
export const testResult: AttestationType<TestResultPredicate> = {
  name: "test-result",
  predicateType: "https://in-toto.io/attestation/test-result/v0.1",
  shape,
  parse: predicateParser("test result", shape),
  handOff: (subject, { configuration, result, custody_step, custody_isolation }) => ({
    step: custody_step,
    materials: [...subject, ...artifactsOf(configuration)],
    products: [],
    weakened: [...(custody_isolation?.without ?? []), ...(result === "PASSED" ? [] : [`result ${result}`])],
    failed: result === "FAILED",
  }),
  render: (subject, { result, custody_step }) =>
    `${shortText(custody_step ?? "a test")} ${result} over ${subject.length} artifacts`,
};
