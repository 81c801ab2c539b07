import { compileParsed } from "../engine.ts";
import type { EvaluateOptions, PreparedDocuments } from "../documents.ts";
import type { CompileOptions, Policy } from "../engine.ts";
import { RegoDiagnostics } from "../syntax/index.ts";
import type { Module } from "../syntax/index.ts";
import { isObject, objectEntries, objectGet, objectOf } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { pathName } from "../values/path-name.ts";
import { dataConflicts, placedRules } from "./conflicts.ts";
import type { PlacedRule } from "./conflicts.ts";
import { findDocument } from "./documents.ts";
import type { ActiveBundles } from "./ownership.ts";

/** What a store holds between two changes. */
export interface StoreContent {
  readonly data: AnyObject;
  /** By their ids. */
  readonly modules: ReadonlyMap<string, Module>;
  readonly bundles: ActiveBundles;
}

/** The content of a store at one moment, ready to be asked; it never changes. */
export class Snapshot {
  readonly content: StoreContent;
  readonly policy: Policy;
  readonly #rules: readonly PlacedRule[];
  #documents: PreparedDocuments | undefined;
  #followed: PreparedDocuments | undefined;
  #traced: PreparedDocuments | undefined;

  /**
   * @param before its policy is taken over when the modules are the same.
   * @throws RegoDiagnostics for modules that do not compile, and for rules where there are base documents.
   */
  constructor(content: StoreContent, options: CompileOptions, before?: Snapshot) {
    const isSame = before !== undefined && before.content.modules === content.modules;
    this.content = content;
    this.policy = isSame ? before.policy : compileParsed([...content.modules.values()], options);
    this.#rules = isSame ? before.#rules : placedRules(this.policy.modules);
    if (isSame) this.#documents = before.#documents;
    if (isSame) this.#followed = before.#followed;
    if (isSame) this.#traced = before.#traced;
    const conflicts = dataConflicts(this.#rules, content.data);
    if (conflicts.length > 0) throw new RegoDiagnostics(conflicts);
  }

  /** True when rules are ready to be asked for, and need not be made ready first. */
  get isReady(): boolean {
    return this.#documents !== undefined;
  }

  /** Makes the rules ready, as the first question would. */
  prepare(): PreparedDocuments {
    return (this.#documents ??= this.policy.prepareDocuments());
  }

  /**
   * The document at a path; a name of digits is a position too. The whole of them is without `system`, as in OPA.
   *
   * @throws EvaluationError
   */
  find(
    path: readonly string[],
    input: RegoValue | undefined,
    options: Omit<EvaluateOptions, "data"> = {},
  ): RegoValue | undefined {
    const documents = this.#prepareFor(options);
    const given = { ...options, data: this.content.data };
    const found = documents.find(path.map(asPosition), input, given);
    if (path.length === 0 && found !== undefined) return withoutSystem(found);
    return found === undefined && !this.hasRuleFor(path) ? findDocument(given.data, path) : found;
  }

  /** True where there is a base document. */
  hasDocument(path: readonly string[]): boolean {
    return findDocument(this.content.data, path) !== undefined;
  }

  /** True where a rule makes the document, or one that it is in. */
  hasRuleFor(path: readonly string[]): boolean {
    return this.#rules.some(
      (rule) => rule.path.length <= path.length && rule.path.every((name, i) => name === path[i]),
    );
  }

  #prepareFor({ follow, trace }: Pick<EvaluateOptions, "follow" | "trace">): PreparedDocuments {
    if (trace) return (this.#traced ??= this.policy.prepareDocuments({ traced: true }));
    if (follow) return (this.#followed ??= this.policy.prepareDocuments({ followed: true }));
    return this.prepare();
  }
}

function asPosition(name: string): string {
  return /^(?:0|[1-9]\d{0,14})$/.test(name) ? pathName(Number(name)) : name;
}

function withoutSystem(document: RegoValue): RegoValue {
  if (!isObject(document) || objectGet(document, "system") === undefined) return document;
  return objectOf(objectEntries(document).filter(([name]) => name !== "system"));
}
