import type { Builtin } from "custody/rego";
import { aggregateBuiltins } from "custody/rego/builtins/aggregates";
import { comparisonBuiltins } from "custody/rego/builtins/comparison";
import { internalBuiltins } from "custody/rego/builtins/internals";
import { stringBuiltins } from "custody/rego/builtins/strings";

/** What Custody's own gates call. */
export const gateBuiltins: readonly Builtin[] = [
  ...aggregateBuiltins,
  ...comparisonBuiltins,
  ...internalBuiltins,
  ...stringBuiltins,
];
