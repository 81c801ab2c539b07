import { parseModule } from "../syntax/index.ts";
import type { Expr, Module, Source } from "../syntax/index.ts";
import { withinStack } from "../values/stack.ts";
import { calleeName } from "./calls.ts";
import { checkForV1, refuseTemplates } from "./checks.ts";
import { planImports } from "./imports.ts";
import { someNode } from "./items.ts";
import { printModule } from "./module.ts";
import type { FormatOptions } from "./options.ts";
import { styleOf } from "./style.ts";

/**
 * The text of a module in the one layout that Rego has, that of `opa fmt`: the same text when it is laid out already.
 *
 * @throws RegoDiagnostics when the text is no module of its language, or cannot be one of the language wanted.
 *
 * @example
 *   formatModule({ file: "authz.rego", text: "package authz\nallow if{ input.admin}" });
 */
export function formatModule(source: Source, options: FormatOptions = {}): string {
  const version = options.version ?? "v1";
  const target = options.target ?? version;
  return withinStack("a rule", () => {
    const module = parseModule(source, { version });
    if (version === "v0") refuseTemplates(module);
    if (target !== "v0") checkForV1(module, options.builtins ?? []);
    const wish = { target, dropsV0Imports: options.dropV0Imports ?? false, usedWords: wordsOf(module) };
    return printModule({ module, imports: planImports(module, wish), style: styleOf(module, target) });
  });
}

/** Keywords of expressions that have to be imported. */
function wordsOf({ rules }: Module): ReadonlySet<string> {
  const forms: Readonly<Record<string, (expr: Expr) => boolean>> = {
    in: (expr) => expr.form === "call" && calleeName(expr.operator).startsWith("internal.member_"),
    every: (expr) => expr.form === "every",
    not: (expr) => expr.form === "not",
  };
  const used = Object.entries(forms).filter(([, isOne]) =>
    someNode(rules, (node) => "form" in node && isOne(node)),
  );
  return new Set(used.map(([word]) => word));
}
