import { CustodyError } from "custody/ground";
import type { Limits, PreparedQuery, RegoHost, RegoValue } from "custody/rego";

import { compileTemplate } from "./compile-template.ts";
import type { TemplateCompiling } from "./compile-template.ts";
import { constraintParser } from "./constraint.ts";
import type { Constraint, ConstraintParser } from "./constraint.ts";
import { actionsAt, webhookPoint } from "./enforcement.ts";
import type { EnforcementAction } from "./enforcement.ts";
import { GatekeeperFault } from "./faults.ts";
import { Inventory } from "./inventory.ts";
import { matchesObject } from "./match.ts";
import type { Review } from "./review.ts";
import { parseTemplate } from "./template.ts";
import type { ConstraintTemplate } from "./template.ts";
import { readViolations } from "./violation.ts";

export interface GatekeeperOptions extends TemplateCompiling {
  /** Where objects are reviewed: which of a scoped constraint's actions count. */
  readonly enforcementPoint: string;
}

/** What a constraint found, or why it could not decide. */
export interface Finding {
  readonly constraint: Constraint;
  readonly message: string;
  readonly details: RegoValue;
  /** What is done about it here; never empty. */
  readonly actions: readonly EnforcementAction[];
  /** False where the constraint could not decide: the message says why. */
  readonly isDecided: boolean;
}

export interface ReviewOptions {
  readonly host?: RegoHost;
  readonly limits?: Partial<Limits>;
}

interface Loaded {
  readonly template: ConstraintTemplate;
  readonly query: PreparedQuery;
  readonly parse: ConstraintParser;
  readonly constraints: Map<string, Constraint>;
}

/** Templates, constraints of them, and the objects that they may refer to; reviews objects against all of them. */
export class Gatekeeper {
  readonly inventory = new Inventory();
  readonly #options: GatekeeperOptions;
  readonly #templates = new Map<string, Loaded>();

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** How many constraints there are. */
  get constraintCount(): number {
    return [...this.#templates.values()].reduce((count, { constraints }) => count + constraints.size, 0);
  }

  /**
   * Adds a template; constraints come after it.
   *
   * @throws GatekeeperFault `gatekeeper/template`, for a second one of its kind too.
   */
  addTemplate(document: RegoValue): void {
    const template = parseTemplate(document);
    if (this.#templates.has(template.kind)) {
      throw new GatekeeperFault("gatekeeper/template", `there are two templates of ${template.kind}`);
    }
    const query = compileTemplate(template, this.#options);
    const parse = constraintParser(template);
    this.#templates.set(template.kind, { template, query, parse, constraints: new Map() });
  }

  /**
   * Adds a constraint of a template that is there.
   *
   * @throws GatekeeperFault `gatekeeper/constraint` or `gatekeeper/schema`.
   */
  addConstraint(document: RegoValue): Constraint {
    const kind = kindOf(document);
    const loaded = this.#templates.get(kind);
    if (loaded === undefined) {
      throw new GatekeeperFault("gatekeeper/constraint", `there is no template of ${kind}`, {
        next: "add the ConstraintTemplate before its constraints",
      });
    }
    const constraint = loaded.parse(document);
    if (loaded.constraints.has(constraint.name))
      throw new GatekeeperFault(
        "gatekeeper/constraint",
        `there are two constraints ${kind} ${constraint.name}`,
      );
    loaded.constraints.set(constraint.name, constraint);
    return constraint;
  }

  /**
   * What the constraints find, in the order of their kinds, names and messages. A constraint that cannot decide is
   * itself a finding: nothing is left out.
   */
  review(review: Review, options: ReviewOptions = {}): readonly Finding[] {
    return [...this.#templates.values()]
      .filter(({ template }) => this.#isFor(template, review))
      .flatMap((loaded) =>
        [...loaded.constraints.values()].flatMap((one) => this.#judge(loaded, one, { review, options })),
      )
      .toSorted((a, b) => compareNames(sortKey(a), sortKey(b)));
  }

  #isFor({ operations }: ConstraintTemplate, { operation }: Review): boolean {
    if (this.#options.enforcementPoint !== webhookPoint || operations.length === 0) return true;
    return operations.includes("*") || operations.includes(operation);
  }

  #judge(
    { query }: Loaded,
    constraint: Constraint,
    { review, options }: { readonly review: Review; readonly options: ReviewOptions },
  ): readonly Finding[] {
    const actions = actionsAt(constraint.enforcement, this.#options.enforcementPoint);
    if (actions.length === 0) return [];
    try {
      if (!this.#matches(constraint, review)) return [];
      const input = { review: this.#shown(review), parameters: constraint.parameters };
      const [answer] = query.evaluate(input, { ...options, data: { inventory: this.inventory.document } });
      return readViolations(answer?.expressions[0]?.value).map((violation) => ({
        ...violation,
        constraint,
        actions,
        isDecided: true,
      }));
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      return [{ constraint, message: error.message, details: {}, actions, isDecided: false }];
    }
  }

  #matches({ match }: Constraint, { objects, namespace, source }: Review): boolean {
    const found = namespace === "" ? undefined : this.inventory.findNamespace(namespace);
    return objects.some((object) => matchesObject(match, { object, namespace: found, source }));
  }

  #shown({ document, namespace }: Review): RegoValue {
    const namespaceObject = this.inventory.findNamespace(namespace)?.value ?? null;
    return { ...(document as Record<string, RegoValue>), namespaceObject };
  }
}

function kindOf(document: RegoValue): string {
  const kind =
    typeof document === "object" && document !== null && "kind" in document ? document.kind : undefined;
  return typeof kind === "string" ? kind : "(no kind)";
}

function sortKey({ constraint, message }: Finding): string {
  return `${constraint.kind}\0${constraint.name}\0${message}`;
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
