import type { Builtin } from "../builtins/builtin.ts";
import { PreparedDocuments } from "../documents.ts";
import { linkModule } from "../emit/compiled-module.ts";
import type { CompiledModule } from "../emit/compiled-module.ts";

export type { EvaluateOptions, PreparedDocuments } from "../documents.ts";
export type { CompiledModule } from "../emit/compiled-module.ts";
export { EvaluationError } from "../runtime/index.ts";

/**
 * Opens a policy that was compiled ahead of time (`Policy.toModule`, `custody rego build --target es`): no compiler is
 * loaded, and no code is made from text.
 *
 * @param builtins at least those that the policy calls.
 * @throws RegoFault `rego/compiled`, `rego/capability`.
 */
export function openCompiled(module: CompiledModule, builtins: readonly Builtin[]): PreparedDocuments {
  return new PreparedDocuments(linkModule(module, new Map(builtins.map((one) => [one.name, one]))));
}
