import assert from "node:assert/strict";

import { allBuiltins } from "custody/rego/builtins";
import { parseDocuments } from "custody/rego/bundle";
import type { RegoValue } from "custody/rego";

import { gatorPoint, Gatekeeper, GatekeeperFault } from "./index.ts";

/** The only document of a YAML text. */
export function yaml(text: string): RegoValue {
  return parseDocuments("t.yaml", text)[0] ?? null;
}

const labelsRego = `package k8slabels
violation[{"msg": msg, "details": {"missing": missing}}] {
  missing := {l | l := input.parameters.labels[_]} - {l | input.review.object.metadata.labels[l]}
  count(missing) > 0
  msg := sprintf("labels are missing: %v", [missing])
}`;

/** A template of K8sLabels, whose Rego and targets can be others. */
export function template({
  version = "v1",
  rego = labelsRego,
  schema = "{type: object, properties: {labels: {type: array, items: {type: string}}}}",
  target = `rego: ${JSON.stringify(rego)}`,
} = {}): RegoValue {
  return yaml(`
apiVersion: templates.gatekeeper.sh/${version}
kind: ConstraintTemplate
metadata: {name: k8slabels}
spec:
  crd: {spec: {names: {kind: K8sLabels}, validation: {openAPIV3Schema: ${schema}}}}
  targets: [{target: admission.k8s.gatekeeper.sh, ${target}}]
`);
}

/** A constraint that wants the label "owner"; `spec` is in flow style, without its braces. */
export function constraint(spec = "", name = "wants-owner"): RegoValue {
  const rest = spec === "" ? "" : `, ${spec}`;
  return yaml(`
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sLabels
metadata: {name: ${name}}
spec: {parameters: {labels: [owner]}${rest}}
`);
}

/** Gatekeeper with a template and a constraint. */
export function gatekeeper(
  one: RegoValue = constraint(),
  its: RegoValue = template(),
  enforcementPoint = gatorPoint,
): Gatekeeper {
  const made = new Gatekeeper({ builtins: allBuiltins, enforcementPoint });
  made.addTemplate(its);
  made.addConstraint(one);
  return made;
}

/** An object; its metadata is in flow style. */
export function object(metadata = "name: web", kind = "Pod", apiVersion = "v1"): RegoValue {
  return yaml(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {${metadata}}}`);
}

/** Adds a template and a constraint of it: refused for that reason, or not at all. */
export function checkRefusal(one: RegoValue, its: RegoValue, expected: RegExp | undefined): void {
  const add = (): unknown => gatekeeper(one, its);
  if (!expected) {
    assert.doesNotThrow(add);
    return;
  }
  assert.throws(add, (error) => {
    assert.ok(error instanceof GatekeeperFault, String(error));
    assert.match(`${error.code}: ${error.message}`, expected);
    return true;
  });
}
