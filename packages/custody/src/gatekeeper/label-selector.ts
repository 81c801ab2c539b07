import * as v from "valibot";

import { isObject, objectGet } from "custody/rego";
import type { RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import { readTexts } from "./fields.ts";
import { parseShape } from "./shape.ts";

/** What labels have to be: every requirement counts. */
export type LabelSelector = readonly Requirement[];

interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

const requirement = v.object({
  key: v.string(),
  operator: v.picklist(["In", "NotIn", "Exists", "DoesNotExist"]),
  values: v.nullish(v.array(v.string()), []),
});
const shape = v.object({ matchExpressions: v.nullish(v.array(requirement), []) });

const namePart = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
const keyForm = new RegExp(`^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?${namePart}$`);
const valueForm = new RegExp(`^(?:${namePart})?$`);

/**
 * Reads `metav1.LabelSelector`.
 *
 * @throws GatekeeperFault `gatekeeper/constraint`.
 */
export function parseLabelSelector(selector: RegoValue, what: string): LabelSelector {
  const subject = { code: "gatekeeper/constraint", what } as const;
  const { matchExpressions } = parseShape(shape, selector, subject);
  const labels = readTexts(isObject(selector) ? objectGet(selector, "matchLabels") : null, subject);
  const requirements = [...labels].map(([key, value]): Requirement => {
    return { key, operator: "In", values: [value] };
  });
  for (const one of [...requirements, ...matchExpressions]) refuseBadRequirement(one, what);
  return [...requirements, ...matchExpressions];
}

function refuseBadRequirement({ key, operator, values }: Requirement, what: string): void {
  const wrong = (reason: string): GatekeeperFault =>
    new GatekeeperFault("gatekeeper/constraint", `${what}: ${key}: ${reason}`);
  if (!keyForm.test(key)) throw wrong("it is no name of a label");
  const wantsValues = operator === "In" || operator === "NotIn";
  if (wantsValues !== values.length > 0)
    throw wrong(`${operator} ${wantsValues ? "needs values" : "takes no values"}`);
  const bad = values.find((value) => !valueForm.test(value));
  if (bad !== undefined) throw wrong(`"${bad}" is no value of a label`);
}

/** Whether labels are what the selector asks for; an empty one asks for nothing. */
export function selectsLabels(selector: LabelSelector, labels: ReadonlyMap<string, string>): boolean {
  return selector.every((one) => isMet(one, labels.get(one.key)));
}

function isMet({ operator, values }: Requirement, label: string | undefined): boolean {
  if (operator === "DoesNotExist") return label === undefined;
  if (operator === "NotIn") return label === undefined || !values.includes(label);
  return label !== undefined && (operator === "Exists" || values.includes(label));
}
