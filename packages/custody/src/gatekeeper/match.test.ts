import assert from "node:assert/strict";
import { test } from "node:test";

import { constraint, gatekeeper, object, yaml } from "./gatekeeper.testing.ts";
import { reviewOfObject } from "./index.ts";
import type { Review } from "./index.ts";
import { matchesWildcard } from "./wildcard.ts";

const namespaces = ["{name: prod, labels: {tier: high}}", "{name: test}"].map((metadata) =>
  yaml(`{apiVersion: v1, kind: Namespace, metadata: ${metadata}}`),
);

/** Whether a constraint with a match (in flow style, without its braces) is for an object. */
function check(match: string, reviewed: Review, expected: boolean): void {
  const made = gatekeeper(constraint(`match: {${match}}`));
  for (const one of namespaces) made.inventory.add(one);
  const found = made.review(reviewed);
  assert.deepEqual(
    found.map(({ isDecided }) => isDecided),
    expected ? [true] : [],
    match,
  );
}

const pod = reviewOfObject(object("name: web-1, namespace: prod, labels: {app: web}"));
const generated = reviewOfObject(object("generateName: web-, namespace: test"), "Generated");
const role = reviewOfObject(object("name: admin", "ClusterRole", "rbac.authorization.k8s.io/v1"));
const space = reviewOfObject(namespaces[0] ?? null);

test("kinds and groups", () => {
  check("", pod, true);
  check("kinds: []", pod, true);
  check("kinds: [{apiGroups: [''], kinds: [Pod]}]", pod, true);
  check("kinds: [{apiGroups: ['apps'], kinds: [Pod]}]", pod, false);
  check("kinds: [{apiGroups: ['*'], kinds: [Service]}, {kinds: [Pod]}]", pod, true);
  check("kinds: [{apiGroups: ['rbac.authorization.k8s.io'], kinds: ['*']}]", role, true);
  check("kinds: [{apiGroups: ['v1'], kinds: ['*']}]", pod, false);
});

test("scopes", () => {
  check("scope: Namespaced", pod, true);
  check("scope: Namespaced", role, false);
  check("scope: Cluster", role, true);
  check("scope: Cluster", pod, false);
  check("scope: Cluster", space, true);
  check("scope: Namespaced", space, false);
  check("scope: '*'", pod, true);
});

test("namespaces, by name and with * at an end; what is in none is not left out", () => {
  check("namespaces: [prod]", pod, true);
  check("namespaces: [pro]", pod, false);
  check("namespaces: ['pro*']", pod, true);
  check("namespaces: ['*od']", pod, true);
  check("namespaces: ['*ro*']", pod, true);
  check("namespaces: [other]", role, true);
  check("namespaces: [other]", space, false);
  check("excludedNamespaces: [prod]", pod, false);
  check("excludedNamespaces: ['*d']", pod, false);
  check("excludedNamespaces: [test]", pod, true);
  check("excludedNamespaces: ['*']", role, true);
  check("excludedNamespaces: [prod]", space, false);
});

test("labels, of the object and of its Namespace", () => {
  check("labelSelector: {matchLabels: {app: web}}", pod, true);
  check("labelSelector: {matchLabels: {app: db}}", pod, false);
  check("labelSelector: {matchExpressions: [{key: app, operator: In, values: [db, web]}]}", pod, true);
  check("labelSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", pod, false);
  check("labelSelector: {matchExpressions: [{key: x, operator: NotIn, values: [web]}]}", pod, true);
  check("labelSelector: {matchExpressions: [{key: app, operator: Exists}]}", pod, true);
  check("labelSelector: {matchExpressions: [{key: constructor, operator: DoesNotExist}]}", pod, true);
  check("labelSelector: {}", role, true);
  check("namespaceSelector: {matchLabels: {tier: high}}", pod, true);
  check("namespaceSelector: {matchLabels: {tier: low}}", pod, false);
  check("namespaceSelector: {matchLabels: {tier: high}}", generated, false);
  check("namespaceSelector: {matchLabels: {tier: high}}", space, true);
  check("namespaceSelector: {matchLabels: {tier: high}}", role, true);
});

test("names, and those that will be generated", () => {
  check("name: web-1", pod, true);
  check("name: web", pod, false);
  check("name: 'web-*'", pod, true);
  check("name: 'web-*'", generated, true);
  check("name: '*-1'", generated, false);
  check("name: web-", generated, false);
});

test("sources", () => {
  check("source: All", generated, true);
  check("source: Original", generated, false);
  check("source: Generated", generated, true);
  check("source: Generated", pod, false);
});

test("a Namespace that is not at hand leaves the constraint undecided", () => {
  const made = gatekeeper(constraint("match: {namespaceSelector: {matchLabels: {tier: high}}}"));
  const [found, ...others] = made.review(pod);
  assert.deepEqual([found?.isDecided, others.length], [false, 0]);
  assert.match(found?.message ?? "", /needs the Namespace prod, which is not at hand/);
});

test("a wildcard stands only at the ends", () => {
  for (const [wildcard, name, expected] of [
    ["a-b", "a-b", true],
    ["a*b", "acb", false],
    ["*", "", true],
    ["**", "x", true],
    ["*a", "ba", true],
    ["*a", "ab", false],
  ] as const) {
    assert.equal(matchesWildcard(wildcard, name), expected, `${wildcard} ${name}`);
  }
});
