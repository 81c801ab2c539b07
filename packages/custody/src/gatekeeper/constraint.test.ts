import assert from "node:assert/strict";
import { test } from "node:test";

import type { RegoValue } from "custody/rego";

import { checkRefusal, constraint, gatekeeper, object, template, yaml } from "./gatekeeper.testing.ts";
import { reviewOfObject } from "./index.ts";

/** Adds a constraint; the reason why it is refused, or none. */
function check(one: RegoValue, expected: RegExp | undefined, its: RegoValue = template()): void {
  checkRefusal(one, its, expected);
}

const withSpec = (
  spec: string,
  header = "apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sLabels",
): RegoValue => yaml(`{${header}, metadata: {name: a}, spec: ${spec}}`);

test("takes constraints that say what their template's schema allows", () => {
  check(constraint(), undefined);
  check(withSpec("{}"), undefined);
  check(
    yaml("{apiVersion: constraints.gatekeeper.sh/v1alpha1, kind: K8sLabels, metadata: {name: a}}"),
    undefined,
  );
});

test("refuses what no schema allows, unknown fields and unknown actions", () => {
  for (const [spec, reason] of [
    ["{parameters: {labels: owner}}", /^gatekeeper\/schema: .*spec\.parameters\.labels/],
    ["{parameters: {labels: [1]}}", /^gatekeeper\/schema: .*spec\.parameters\.labels\.0/],
    ["{parameters: {lables: [a]}}", /^gatekeeper\/constraint: .*unknown fields: spec\.parameters\.lables/],
    ["{matches: {}}", /unknown fields: spec\.matches/],
    ["{match: {namespaces: ['kube-*-x']}}", /^gatekeeper\/schema: .*namespaces\.0/],
    ["{match: {source: Any}}", /^gatekeeper\/schema: .*match\.source/],
    ["{enforcementAction: refuse}", /enforcementAction: it is deny, dryrun, warn or scoped/],
    ["{enforcementAction: scoped}", /scopedEnforcementActions/],
    ["{enforcementAction: scoped, scopedEnforcementActions: []}", /lists its actions/],
    ["{match: {labelSelector: {matchExpressions: [{key: a, operator: Is}]}}}", /operator/],
    ["{match: {labelSelector: {matchExpressions: [{key: a, operator: In}]}}}", /a: In needs values/],
    [
      "{match: {labelSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}}",
      /takes no values/,
    ],
    ["{match: {labelSelector: {matchLabels: {'-a': b}}}}", /-a: it is no name of a label/],
    ["{match: {namespaceSelector: {matchLabels: {a: 'b c'}}}}", /"b c" is no value of a label/],
  ] as const) {
    check(withSpec(spec), reason);
  }
  const other = "apiVersion: constraints.gatekeeper.sh/v2, kind: K8sLabels";
  check(withSpec("{}", other), /^gatekeeper\/constraint: a constraint: apiVersion: /);
  check(constraint("", "A"), /metadata\.name: it is no name/);
});

test("a constraint comes after its template, and once", () => {
  const made = gatekeeper();
  assert.throws(() => made.addConstraint(constraint()), /there are two constraints K8sLabels wants-owner/);
  assert.throws(() => made.addTemplate(template()), /there are two templates of K8sLabels/);
  assert.throws(() => made.addConstraint(withSpec("{}", "kind: Other")), /there is no template of Other/);
});

test("without a schema there are no parameters in v1, and any in v1beta1", () => {
  const bare = (version: string): RegoValue => {
    const its = template({ version }) as { spec: { targets: RegoValue } } & Record<string, RegoValue>;
    return { ...its, spec: { crd: { spec: { names: { kind: "K8sLabels" } } }, targets: its.spec.targets } };
  };
  check(constraint(), /unknown fields: spec\.parameters/, bare("v1"));
  check(constraint(), undefined, bare("v1beta1"));
});

test("defaults, nullable, integers or texts and limits count as Kubernetes has them", () => {
  const schema = `{type: object, required: [size], properties: {
    size: {x-kubernetes-int-or-string: true},
    note: {type: string, nullable: true, maxLength: 3},
    rule: {type: object, default: {}, properties: {mode: {type: string, default: strict, enum: [strict, loose]}}},
    list: {type: array, items: {type: object, properties: {count: {type: integer, default: 7}}}}}}`;
  const its = template({
    schema,
    rego: 'package a\nviolation[{"msg": json.marshal(input.parameters)}] { true }',
  });
  check(withSpec("{parameters: {}}"), undefined);
  check(withSpec("{parameters: {size: true}}"), /spec\.parameters\.size/, its);
  check(withSpec("{parameters: {note: a}}"), /size is required/, its);
  check(withSpec("{parameters: {size: 1, note: abcd}}"), /spec\.parameters\.note/, its);
  check(withSpec("{parameters: {size: 1, rule: {mode: other}}}"), /spec\.parameters\.rule\.mode/, its);
  const [found] = gatekeeper(
    withSpec("{parameters: {size: 5m, note: null, list: [{}, {count: 1}]}}"),
    its,
  ).review(reviewOfObject(object()));
  assert.equal(
    found?.message,
    '{"list":[{"count":7},{"count":1}],"note":null,"rule":{"mode":"strict"},"size":"5m"}',
  );
});
