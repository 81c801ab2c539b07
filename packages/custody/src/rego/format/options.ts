import type { Builtin } from "../builtins/builtin.ts";
import type { RegoVersion } from "../syntax/index.ts";

/** The language that a module is written for: `v0v1` is both, by `import rego.v1`. */
export type Target = RegoVersion | "v0v1";

export interface FormatOptions {
  /** The language of the source where its imports do not say. Default `v1`. */
  readonly version?: RegoVersion;
  /** Default: that of the source. */
  readonly target?: Target;
  /** Leaves imports out that v1 does not need: `rego.v1`, `future.keywords`. */
  readonly dropV0Imports?: boolean;
  /** The builtins that modules may call: v1 refuses those among them that are deprecated. */
  readonly builtins?: readonly Builtin[];
}
