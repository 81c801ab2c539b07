import { constantPrefix } from "../plan/rule-tree.ts";
import type { Annotation, Body, CallExpr, Expr, Location, Module, Rule, Term } from "../syntax/index.ts";
import { isArray, isObject, objectEntries, objectOf } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { equality, operatorName } from "./build.ts";
import { mapExpr, mapInside } from "./map-terms.ts";

/** Puts in place of `rego.metadata.rule()` and `rego.metadata.chain()` what is known when a module is compiled. */
export class MetadataCalls {
  readonly #modules: readonly Module[];

  constructor(modules: readonly Module[]) {
    this.#modules = modules;
  }

  rule(rule: Rule, module: Module): Rule {
    const answers = {
      "rego.metadata.rule": () => this.#ruleValue(rule, module),
      "rego.metadata.chain": () => this.#chain(rule, module),
    };
    return inRule(rule, new Rewriter(answers));
  }

  #ruleValue(rule: Rule, module: Module): RegoValue {
    return own(rule, module).at(-1)?.value ?? {};
  }

  /** From the rule outwards: rule, document, package, the packages around it. */
  #chain(rule: Rule, module: Module): RegoValue {
    const path = [...module.package, ...constantPrefix(rule)];
    const rules = own(rule, module).toReversed();
    const document = this.#inPackage(module.package, (annotation, owner) =>
      isDocumentOf(annotation, owner, path),
    );
    const packaged = this.#inPackage(module.package, ({ scope }) => scope === "package");
    const around = module.package.map((_, i) => module.package.slice(0, module.package.length - i));
    return [
      ...(rules.length > 0 ? rules.map((one) => link(path, one)) : [link(path, undefined)]),
      ...document.slice(0, 1).map((one) => link(path, one)),
      ...packaged.slice(0, 1).map((one) => link(module.package, one)),
      ...around.flatMap((outer) =>
        this.#inPackage(outer, ({ scope }) => scope === "subpackages").map((one) => link(outer, one)),
      ),
    ];
  }

  #inPackage(
    path: readonly string[],
    fits: (annotation: Annotation, module: Module) => boolean,
  ): readonly Annotation[] {
    const name = path.join(".");
    const modules = this.#modules.filter((module) => module.package.join(".") === name);
    return modules.flatMap((module) => module.annotations.filter((annotation) => fits(annotation, module)));
  }
}

/** The annotations of scope `rule` that stand before a rule, outermost first. */
function own(rule: Rule, { annotations, rules, imports }: Module): readonly Annotation[] {
  const statement = 1 + imports.length + rules.indexOf(rule);
  return annotations.filter((one) => one.scope === "rule" && one.statement === statement);
}

function isDocumentOf(annotation: Annotation, module: Module, path: readonly string[]): boolean {
  const rule = module.rules[annotation.statement - 1 - module.imports.length];
  if (annotation.scope !== "document" || !rule) return false;
  return [...module.package, ...constantPrefix(rule)].join("\n") === path.join("\n");
}

function link(path: readonly string[], annotation: Annotation | undefined): RegoValue {
  return objectOf([["path", path], ...(annotation ? [["annotations", annotation.value] as const] : [])]);
}

function inRule(rule: Rule, rewriter: Rewriter): Rule {
  const { head } = rule;
  const element = head.element && rewriter.term(head.element);
  return {
    ...rule,
    head: { ...head, value: rewriter.term(head.value), element },
    body: rewriter.body(rule.body),
    elseRule: rule.elseRule && inRule(rule.elseRule, rewriter),
  };
}

type Answers = Readonly<Record<string, () => RegoValue>>;

class Rewriter {
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  body(body: Body): Body {
    return body.map((expr) => this.#expr(expr));
  }

  #expr(expr: Expr): Expr {
    const inside = mapExpr(expr, { term: (term) => this.term(term), body: (body) => this.body(body) });
    const answer = inside.form === "call" ? this.#find(inside.operator) : undefined;
    return answer && inside.form === "call" ? answered(inside, answer()) : inside;
  }

  #find(operator: CallExpr["operator"]): (() => RegoValue) | undefined {
    return this.#answers[operatorName(operator) ?? ""];
  }

  term(term: Term): Term {
    const answer = term.kind === "call" && term.args.length === 0 ? this.#find(term.operator) : undefined;
    if (answer) return termOf(answer(), term.at);
    return mapInside(term, { term: (inner) => this.term(inner), body: (body) => this.body(body) });
  }
}

function answered(expr: CallExpr, value: RegoValue): Expr {
  const { args, at, negated, with: withs } = expr;
  const [output] = args;
  const term = termOf(value, at);
  return output
    ? { ...equality(output, term, withs), negated }
    : { form: "term", term, negated, with: withs, at };
}

/** The term that stands for a value. */
function termOf(value: RegoValue, at: Location): Term {
  if (isArray(value)) return { kind: "array", items: value.map((item) => termOf(item, at)), at };
  if (!isObject(value)) return { kind: "scalar", value: value as string, at };
  const items = objectEntries(value).map(([key, member]) => [termOf(key, at), termOf(member, at)] as const);
  return { kind: "object", items, at };
}
