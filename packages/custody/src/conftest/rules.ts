import type { Module } from "custody/rego";

/** What an answer of a rule is. */
type Severity = "failure" | "warning";

/** A rule that checks are made of, by its name. */
export interface CheckRule {
  readonly name: string;
  readonly severity: Severity;
  /** What exceptions call it: the name after `deny_`, empty for `deny` itself. */
  readonly exceptionName: string;
  /** How many rules have the name. */
  readonly count: number;
}

const pattern = /^(deny|violation|warn)(?:_(\w+))?$/;

/** The rules of a namespace that check something, in the order of their first places: deny, violation, warn, and deny_….. */
export function findCheckRules(modules: readonly Module[], namespace: string): readonly CheckRule[] {
  const counts = new Map<string, number>();
  for (const { rules } of modules.filter((module) => namespaceOf(module) === namespace)) {
    for (const { head } of rules) {
      const name = head.ref[0]?.kind === "var" ? head.ref[0].name : "";
      if (pattern.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].map(([name, count]) => {
    const [, kind, exceptionName = ""] = pattern.exec(name) ?? [];
    return { name, count, exceptionName, severity: kind === "warn" ? "warning" : "failure" };
  });
}

/** The package of a module: `main`, `kubernetes.pods`. */
export function namespaceOf({ package: path }: Module): string {
  return path.join(".");
}
