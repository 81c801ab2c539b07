import assert from "node:assert/strict";
import { test } from "node:test";

import { writeJson } from "custody/rego";
import type { RegoValue } from "custody/rego";

import { constraint, gatekeeper, object, template, yaml } from "./gatekeeper.testing.ts";
import { gatorPoint, GatekeeperFault, reviewOfObject, reviewOfRequest, webhookPoint } from "./index.ts";
import type { Finding } from "./index.ts";

/** `K8sLabels/name [deny] message`, with a `?` where it could not be decided. */
function shown({ constraint: { kind, name }, actions, message, isDecided }: Finding): string {
  return `${kind}/${name} [${actions.join(",")}]${isDecided ? "" : "?"} ${message}`;
}

/** What Rego finds in an object; `msg` is the message of the template's violation. */
function check(violation: string, expected: readonly string[], inventory: readonly RegoValue[] = []): void {
  const made = gatekeeper(constraint(), template({ rego: `package a\n${violation}` }));
  for (const one of inventory) made.inventory.add(one);
  const found = made.review(reviewOfObject(object("name: web, namespace: prod")), {
    limits: { steps: 100_000 },
  });
  assert.deepEqual(found.map(shown), expected, violation);
}

test("an object with what the constraint asks for has no finding, one without it has", () => {
  const made = gatekeeper();
  assert.deepEqual(made.review(reviewOfObject(object("name: a, labels: {owner: me}"))), []);
  const [found] = made.review(reviewOfObject(object()));
  assert.equal(found && shown(found), 'K8sLabels/wants-owner [deny] labels are missing: {"owner"}');
  assert.equal(writeJson(found?.details ?? null), '{"missing":["owner"]}');
});

test("templates see the review, its parameters and the objects they may refer to", () => {
  const msg = (term: string): string => `violation[{"msg": msg}] { msg := json.marshal(${term}) }`;
  const line = (text: string): string => `K8sLabels/wants-owner [deny] ${text}`;
  check(msg("input.review.kind"), [line('{"group":"","kind":"Pod","version":"v1"}')]);
  check(msg("[input.review.name, input.review.namespace, input.review.operation]"), [
    line('["web","prod",""]'),
  ]);
  check(msg("[input.review.oldObject, input.review.userInfo]"), [line("[null,{}]")]);
  check(msg("input.parameters"), [line('{"labels":["owner"]}')]);
  check(msg("input.review.namespaceObject"), [line("null")]);
  check(msg("data.inventory"), [line("{}")]);
  const prod = yaml("{apiVersion: v1, kind: Namespace, metadata: {name: prod}}");
  const ingress = object("name: i, namespace: prod", "Ingress", "networking.k8s.io/v1");
  check(msg("input.review.namespaceObject.metadata"), [line('{"name":"prod"}')], [prod]);
  check(
    msg(
      '[data.inventory.cluster.v1.Namespace.prod.kind, data.inventory.namespace.prod["networking.k8s.io/v1"].Ingress.i.kind]',
    ),
    [line('["Namespace","Ingress"]')],
    [prod, ingress],
  );
});

test("every violation is a finding, in the order of messages; equal ones are one", () => {
  check('violation[{"msg": x}] { x := ["b", "a", "b"][_] }', [
    "K8sLabels/wants-owner [deny] a",
    "K8sLabels/wants-owner [deny] b",
  ]);
});

test("a template that cannot decide is a finding that says so", () => {
  const line = (text: string): string => `K8sLabels/wants-owner [deny]? ${text}`;
  check('violation[{"message": "x"}] { true }', [line("a violation has no msg that is a text")]);
  check('violation[{"msg": 1}] { true }', [line("a violation has no msg that is a text")]);
  check('violation["x"] { true }', [line("a violation has no msg that is a text")]);
  check('p = 1 { true }\np = 2 { true }\nviolation[{"msg": "x"}] { p }', [
    line("k8slabels:3: eval_conflict_error: complete rules must not produce multiple outputs"),
  ]);
  check('violation[{"msg": "x"}] { numbers.range(1, 1000000)[_] == 0 }', [
    line("eval_limit_error: more than 100000 steps"),
  ]);
});

test("a scoped constraint counts where it says, with the actions of that place", () => {
  const scoped = constraint(`enforcementAction: scoped, scopedEnforcementActions: [
    {action: warn, enforcementPoints: [{name: ${gatorPoint}}]},
    {action: deny, enforcementPoints: [{name: ${webhookPoint}}]},
    {action: dryrun, enforcementPoints: [{name: '*'}]}]`);
  const actions = (point: string): unknown =>
    gatekeeper(scoped, template(), point).review(reviewOfObject(object()))[0]?.actions;
  assert.deepEqual(actions(gatorPoint), ["dryrun", "warn"]);
  assert.deepEqual(actions(webhookPoint), ["deny", "dryrun"]);
  const elsewhere = constraint(
    `enforcementAction: scoped, scopedEnforcementActions: [{action: deny, enforcementPoints: [{name: audit}]}]`,
  );
  assert.deepEqual(gatekeeper(elsewhere).review(reviewOfObject(object())), []);
});

test("admission requests are reviewed as they are; what is deleted is the object too", () => {
  const webhook = gatekeeper(constraint(), template(), webhookPoint);
  const request = (fields: string): RegoValue => yaml(`{uid: u, operation: CREATE, ${fields}}`);
  const pod = "{kind: Pod, apiVersion: v1, metadata: {name: a}}";
  const owned = "{kind: Pod, apiVersion: v1, metadata: {name: a, labels: {owner: me}}}";
  const count = (fields: string): number => webhook.review(reviewOfRequest(request(fields))).length;
  assert.equal(count(`object: ${pod}`), 1);
  assert.equal(count(`object: ${owned}, oldObject: ${pod}`), 0);
  assert.equal(count(`operation: DELETE, oldObject: ${pod}`), 1);
  for (const [fields, reason] of [
    ["object: null", /neither object nor oldObject/],
    ["operation: DELETE", /a request to delete has no oldObject/],
    ["operation: READ, object: {kind: Pod}", /operation/],
    ["object: {metadata: {}}", /kind/],
    ["object: {kind: Pod, metadata: {labels: {a: 1}}}", /metadata\.labels: a: texts by name/],
  ] as const) {
    assert.throws(
      () => reviewOfRequest(request(fields)),
      (error) => error instanceof GatekeeperFault && reason.test(error.message),
      fields,
    );
  }
});

test("a template is for the operations that it names, at the webhook", () => {
  const its = template({
    target: 'operations: [DELETE], rego: "package a\\nviolation[{\\"msg\\": \\"no\\"}] { true }"',
  });
  const request = reviewOfRequest(yaml("{operation: CREATE, object: {kind: Pod, apiVersion: v1}}"));
  assert.equal(gatekeeper(constraint(), its, webhookPoint).review(request).length, 0);
  assert.equal(gatekeeper(constraint(), its, gatorPoint).review(request).length, 1);
});

test("what cannot be referred to is refused", () => {
  assert.throws(() => gatekeeper().inventory.add(yaml("{kind: Pod}")), /Pod {2}has no apiVersion/);
});
