import type { CallExpr, Diagnostic, Import, Location, Module, Rule, Term } from "../syntax/index.ts";
import { operatorName } from "./build.ts";
import { namesIn } from "./declared.ts";
import type { Builtins } from "./stages.ts";
import { visitRule } from "./visit.ts";

const roots: ReadonlySet<string> = new Set(["input", "data"]);

/** What v1 forbids a module: two imports of one name, names that hide `input` or `data`, builtins that are deprecated. */
export function moduleProblems(
  module: Module,
  { builtins, strict }: { readonly builtins: Builtins; readonly strict: boolean },
): Diagnostic[] {
  if (module.version === "v0" && !strict) return [];
  return [...importProblems(module.imports), ...module.rules.flatMap((rule) => ruleProblems(rule, builtins))];
}

/** What strict mode forbids besides: imports of `data` and `input` that nothing uses. */
export function unusedImports({ imports }: Module, used: ReadonlySet<string>): Diagnostic[] {
  return imports
    .filter((one) => roots.has(one.path[0] ?? "") && !used.has(nameOf(one)))
    .map((one) => problem(`${importText(one)} unused`, one.at));
}

function importProblems(imports: readonly Import[]): Diagnostic[] {
  const known = new Map<string, Import>();
  return imports.flatMap((one) => {
    const other = known.get(nameOf(one));
    if (!other) known.set(nameOf(one), one);
    return other ? [problem(`import must not shadow ${importText(other)}`, one.at)] : [];
  });
}

function nameOf({ path, alias }: Import): string {
  return alias ?? path.at(-1) ?? "";
}

function importText({ path, alias }: Import): string {
  return `import ${path.join(".")}${alias === undefined ? "" : ` as ${alias}`}`;
}

function ruleProblems(rule: Rule, builtins: Builtins): Diagnostic[] {
  const { head, at } = rule;
  const [name] = head.ref;
  const hidden = name?.kind === "var" && roots.has(name.name) ? [name.name] : [];
  return [
    ...hidden.map((one) => problem(`rules must not shadow ${one} (use a different rule name)`, at)),
    ...(head.args ?? []).flatMap(argProblems),
    ...callsOf(rule).flatMap((call) => callProblems(call, builtins)),
  ];
}

type Call = Pick<CallExpr, "operator" | "args" | "at">;

function callsOf(rule: Rule): readonly Call[] {
  const calls: Call[] = [];
  visitRule(rule, {
    expr: (expr) => {
      if (expr.form === "call") calls.push(expr);
    },
    term: (term) => {
      if (term.kind === "call") calls.push(term);
    },
  });
  return calls;
}

function argProblems(arg: Term): Diagnostic[] {
  const isRoot =
    arg.kind === "ref" && arg.path.length === 0 && arg.head.kind === "var" && roots.has(arg.head.name);
  if (!isRoot || arg.head.kind !== "var") return [];
  return [problem(`args must not shadow ${arg.head.name} (use a different variable name)`, arg.at)];
}

function callProblems(call: Call, builtins: Builtins): Diagnostic[] {
  const name = operatorName(call.operator) ?? "";
  if (builtins.get(name)?.deprecated) {
    const message = `deprecated built-in function calls in expression: ${name}`;
    return [{ code: "rego_type_error", message, at: call.at }];
  }
  return name === "assign" ? assignProblems(call) : [];
}

function assignProblems({ args, at }: Call): Diagnostic[] {
  const [left] = args;
  const name =
    left?.kind === "ref" && left.head.kind === "var" && left.path.length === 0
      ? left.head.name
      : namesIn(left as Term)[0];
  if (left?.kind === "array" || left?.kind === "object" || name === undefined || !roots.has(name)) return [];
  return [problem(`variables must not shadow ${name} (use a different variable name)`, at)];
}

function problem(message: string, at: Location): Diagnostic {
  return { code: "rego_compile_error", message, at };
}
