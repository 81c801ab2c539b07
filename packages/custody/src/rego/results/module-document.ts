import { constantPrefix } from "../plan/rule-tree.ts";
import { moduleJson } from "../syntax/index.ts";
import type { Module, Rule } from "../syntax/index.ts";
import { isArray, isObject } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { items, membersOf, value } from "./document.ts";
import type { Document } from "./document.ts";

/**
 * The syntax of a module as `opa parse --format json` prints it: members in the order of OPA's own types, and each
 * rule with the annotations that stand before it.
 */
export function moduleDocument(module: Module): Document {
  const shown = inOwnOrder(moduleJson(module));
  if (shown.kind !== "members") return shown;
  return membersOf(
    shown.members.map(([name, member]) => {
      const isRules = name === "rules" && member.kind === "items";
      return [name, isRules ? items(member.items.map((rule, i) => annotated(rule, module, i))) : member];
    }),
  );
}

/** A syntax tree whose members stand as they were made, and are not sorted. */
export function inOwnOrder(of: RegoValue): Document {
  if (isArray(of)) return items(of.map(inOwnOrder));
  if (!isObject(of)) return value(of);
  return membersOf(
    Object.entries(of).map(([name, member]) => [
      name,
      name === "annotations" ? value(member as RegoValue) : inOwnOrder(member as RegoValue),
    ]),
  );
}

/** Those right before the rule, and those about every rule of its name. */
function annotated(rule: Document, module: Module, index: number): Document {
  const own = module.annotations.filter(({ scope, statement }) => {
    const annotates = ruleOf(module, statement);
    if (scope === "rule") return annotates === module.rules[index];
    return (
      scope === "document" && annotates !== undefined && nameOf(annotates) === nameOf(module.rules[index])
    );
  });
  if (own.length === 0 || rule.kind !== "members") return rule;
  return membersOf([["annotations", value(own.map((one) => one.value))], ...rule.members]);
}

/** Statements are numbered: the package, the imports, the rules. */
function ruleOf({ imports, rules }: Module, statement: number): Rule | undefined {
  return rules[statement - imports.length - 1];
}

function nameOf(rule: Rule | undefined): string {
  return rule ? constantPrefix(rule).join("\n") : "";
}
