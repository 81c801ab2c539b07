import { compileParsed, parseModules, RegoDiagnostics } from "custody/rego";
import type { Backend, Builtin, Module, PreparedQuery } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import { referenceFaults } from "./references.ts";
import type { ConstraintTemplate } from "./template.ts";

export interface TemplateCompiling {
  /** `http.send` is never among those that a template may call. */
  readonly builtins: readonly Builtin[];
  readonly backend?: Backend;
}

/**
 * The query for a template's violations: its only expression is the set of them.
 *
 * @throws GatekeeperFault `gatekeeper/template` for Rego that does not compile, that has no set `violation`, or that reads
 * what it may not.
 */
export function compileTemplate(template: ConstraintTemplate, options: TemplateCompiling): PreparedQuery {
  const { version } = template.source;
  try {
    const [entry, ...libraries] = parseSources(template);
    refuse(template, [...violationFaults(entry), ...referenceFaults(entry, libraries)]);
    const builtins = options.builtins.filter(({ name }) => name !== "http.send");
    const policy = compileParsed([{ ...entry, package: ["template"] }, ...libraries], {
      builtins,
      version,
      prints: true,
      ...(options.backend && { backend: options.backend }),
    });
    return policy.prepare("data.template.violation");
  } catch (cause) {
    if (!(cause instanceof RegoDiagnostics)) throw cause;
    throw new GatekeeperFault(
      "gatekeeper/template",
      `ConstraintTemplate ${template.name}: ${cause.message}`,
      { cause },
    );
  }
}

function parseSources({ name, source }: ConstraintTemplate): readonly [Module, ...Module[]] {
  const { version, rego, libs } = source;
  const sources = [
    { file: name, text: rego },
    ...libs.map((text, i) => ({ file: `${name}/libs[${i}]`, text })),
  ];
  return parseModules(sources, { version }) as [Module, ...Module[]];
}

/** A `violation` that is no set would be read by its keys, or not at all. */
function violationFaults({ rules }: Module): readonly string[] {
  const named = rules.filter(({ head: { ref } }) => ref[0]?.kind === "var" && ref[0].name === "violation");
  if (named.length === 0) return ["it has no rule violation"];
  return named.every(({ head }) => head.element !== undefined && head.ref.length === 1)
    ? []
    : ['violation is no set: write violation[{"msg": msg}], in v1 violation contains {"msg": msg}'];
}

function refuse({ name }: ConstraintTemplate, faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new GatekeeperFault("gatekeeper/template", `ConstraintTemplate ${name}: ${faults.join("; ")}`);
}
