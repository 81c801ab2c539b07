import assert from "node:assert/strict";
import { test } from "node:test";

import { parseUtf8 } from "custody/ground";
import type { Json } from "custody/ground";
import { parseTrustDomain } from "custody/spiffe";

import { tokenOf } from "./fulcio.testing.ts";
import { parseIssuerConfiguration } from "./issuer-configuration.ts";
import type { IssuerKind } from "./oidc-issuer.ts";
import { principalOf } from "./principal.ts";

const email: IssuerKind = { type: "email", skipEmailVerification: false };
const uri: IssuerKind = { type: "uri", subjectDomain: "https://example.org" };
const username: IssuerKind = { type: "username", subjectDomain: "example.org" };
const spiffe: IssuerKind = { type: "spiffe", trustDomain: parseTrustDomain("example.org") };
const kubernetes: IssuerKind = { type: "kubernetes" };
const custody: IssuerKind = { type: "custody" };

type Claims = { readonly [claim: string]: Json } & { readonly sub?: string };

function nameOf(kind: IssuerKind, claims: Claims): string {
  const { name } = principalOf(tokenOf(kind, claims));
  if (name.kind === "uri") return name.uri;
  return name.kind === "email" ? name.email : name.otherName;
}

test("names whom the token is about, as its issuer's type says", () => {
  const account = { namespace: "prod", serviceaccount: { name: "deployer", uid: "1" } };
  const rows: readonly (readonly [IssuerKind, Claims, string])[] = [
    [email, { sub: "1", email: "a@example.org", email_verified: true }, "a@example.org"],
    [email, { sub: "1", email: "a.b+c@example.org", email_verified: "true" }, "a.b+c@example.org"],
    [{ ...email, skipEmailVerification: true }, { email: "a@example.org" }, "a@example.org"],
    [uri, { sub: "https://example.org/users/1" }, "https://example.org/users/1"],
    [username, { sub: "alice" }, "alice!example.org"],
    [spiffe, { sub: "spiffe://example.org/build" }, "spiffe://example.org/build"],
    [
      kubernetes,
      { "kubernetes.io": account },
      "https://kubernetes.io/namespaces/prod/serviceaccounts/deployer",
    ],
    [custody, { sub: "x", email: "a@example.org", email_verified: true }, "a@example.org"],
    [custody, { sub: "https://ci.example.org/job/1" }, "https://ci.example.org/job/1"],
  ];
  for (const [kind, claims, expected] of rows) assert.equal(nameOf(kind, claims), expected);
});

test("names nobody when the token is about nobody of that type", () => {
  const rows: readonly (readonly [IssuerKind, Claims])[] = [
    [email, { sub: "a@example.org" }],
    [email, { email: "a@example.org" }],
    [email, { email: "a@example.org", email_verified: false }],
    [email, { email: "a@example.org", email_verified: "yes" }],
    [email, { email: "a@example.org\u0000@evil.example", email_verified: true }],
    [email, { email: "a@b@example.org", email_verified: true }],
    [email, { email: "ä@example.org", email_verified: true }],
    [email, { email: `${"a".repeat(65)}@example.org`, email_verified: true }],
    [uri, { sub: "https://example.org.evil.example/" }],
    [uri, { sub: "https://evil.example\\@example.org/" }],
    [uri, { sub: "http://example.org/users/1" }],
    [uri, { sub: "https://evil.example/?https://example.org" }],
    [uri, { sub: "https://example.org/ a" }],
    [uri, { sub: "a@example.org" }],
    [uri, { sub: "https:example.org/x" }],
    [uri, { sub: "https:///example.org/x" }],
    [uri, { sub: "https://evil@example.org/x" }],
    [uri, { sub: "https://example.org:999/x" }],
    [uri, { sub: "https://Example.org/x" }],
    [uri, { sub: "https://example.org/a/../x" }],
    [email, { email: "a..b@example.org", email_verified: true }],
    [email, { email: ".a@example.org", email_verified: true }],
    [email, { email: "a@x..y", email_verified: true }],
    [email, { email: "a@-example.org", email_verified: true }],
    [username, { sub: "ali\u202ece" }],
    [username, { sub: "ali\u200bce" }],
    [username, { sub: "a".repeat(10_000) }],
    [spiffe, { sub: "spiffe://OTHER.test/x" }],
    [spiffe, { sub: "spiffe://example.org/" }],
    [spiffe, { sub: "spiffe://example.org//x" }],
    [spiffe, { sub: "spiffe://example.org/x?y" }],
    [username, { sub: "alice!evil.example" }],
    [username, { sub: "alice@example.org" }],
    [username, { sub: "al\nice" }],
    [spiffe, { sub: "spiffe://example.com/build" }],
    [spiffe, { sub: "spiffe://example.org/../build" }],
    [kubernetes, { sub: "system:serviceaccount:prod:deployer" }],
    [kubernetes, { "kubernetes.io": { namespace: "a/b", serviceaccount: { name: "c" } } }],
    [kubernetes, { "kubernetes.io": [{ namespace: "a" }] }],
    [custody, { sub: "nothing that a certificate can carry" }],
    [custody, { sub: "http://ci.example.org/job/1" }],
    [custody, { sub: "data:,x" }],
    [custody, { sub: "urn:example:x" }],
    [custody, { sub: `https://example.org/${"a".repeat(2048)}` }],
  ];
  for (const [kind, claims] of rows) {
    assert.throws(
      () => nameOf(kind, claims),
      { code: "fulcio/identity" },
      JSON.stringify([kind, claims]).slice(0, 200),
    );
  }
});

test("a mail address is what its owner signs, anybody else the token's subject", () => {
  const challengeOf = (kind: IssuerKind, claims: Claims): string =>
    principalOf(tokenOf(kind, claims)).challenge;
  const mail = { sub: "108", email: "a@example.org", email_verified: true };
  assert.equal(challengeOf(email, mail), "a@example.org");
  assert.equal(challengeOf(username, { sub: "alice" }), "alice");
});

const githubClaims = {
  sub: "repo:acme/app:ref:refs/heads/main",
  event_name: "push",
  sha: "0123456789012345678901234567890123456789",
  workflow: "build",
  repository: "acme/app",
  repository_owner: "acme",
  repository_id: 42,
  repository_owner_id: "7",
  repository_visibility: "public",
  ref: "refs/heads/main",
  job_workflow_ref: "acme/app/.github/workflows/build.yml@refs/heads/main",
  job_workflow_sha: "0123456789012345678901234567890123456789",
  workflow_ref: "acme/app/.github/workflows/build.yml@refs/heads/main",
  workflow_sha: "0123456789012345678901234567890123456789",
  runner_environment: "github-hosted",
  run_id: "99",
  run_attempt: "1",
};

function ciKind(provider: string): IssuerKind {
  const [issuer] = parseIssuerConfiguration(
    JSON.stringify({
      "oidc-issuers": {
        "https://issuer.test": { "client-id": "sigstore", type: "ci-provider", "ci-provider": provider },
      },
    }),
  );
  assert.ok(issuer);
  return issuer.kind;
}

test("a CI system's claims become a name and the extensions that Fulcio's directory lists", () => {
  const { name, extensions } = principalOf(tokenOf(ciKind("github-workflow"), githubClaims));
  assert.deepEqual(name, {
    kind: "uri",
    uri: "https://github.com/acme/app/.github/workflows/build.yml@refs/heads/main",
  });
  const texts = new Map(extensions.map(({ oid, value }) => [oid, parseUtf8(value)]));
  const oid = (number: number): string => `1.3.6.1.4.1.57264.1.${number}`;
  // The first form holds its text bare; in the second a tag and a length stand before it.
  assert.equal(texts.get(oid(1)), "https://issuer.test");
  assert.equal(texts.get(oid(5)), "acme/app");
  assert.equal(texts.get(oid(8)), "\u000c\u0013https://issuer.test");
  assert.equal(texts.get(oid(12))?.slice(2), "https://github.com/acme/app");
  assert.equal(texts.get(oid(15))?.slice(2), "42");
  assert.equal(texts.get(oid(21))?.slice(2), "https://github.com/acme/app/actions/runs/99/attempts/1");
  assert.equal(texts.get(oid(24))?.slice(2), githubClaims.sub);
  assert.equal(texts.has(oid(23)), false, "no deployment environment was claimed");
});

test("a claim that a template needs and the token has not names nobody", () => {
  const { job_workflow_ref: _, ...without } = githubClaims;
  assert.throws(() => principalOf(tokenOf(ciKind("github-workflow"), without)), {
    code: "fulcio/identity",
    message: /job_workflow_ref/,
  });
});

test("a name with a part that is null, empty or no text names nobody, and no other part goes missing unseen", () => {
  const kind = ciKind("github-workflow");
  const path = githubClaims.job_workflow_ref;
  for (const bent of [null, "", [path], { path }]) {
    const bad = () => principalOf(tokenOf(kind, { ...githubClaims, job_workflow_ref: bent }));
    assert.throws(bad, { code: "fulcio/identity", message: /job_workflow_ref/ }, JSON.stringify(bent));
  }
  for (const url of [
    "javascript:x",
    "https://evil@github.com",
    "https:",
    "https://github.com#",
    "HTTPS://github.com",
  ]) {
    const bad = () => principalOf(tokenOf(kind, { ...githubClaims, url }));
    assert.throws(bad, { code: "fulcio/identity" }, url);
  }
  const elsewhere = principalOf(tokenOf(kind, { ...githubClaims, url: "https://git.example.org:8443" }));
  assert.deepEqual(elsewhere.name, { kind: "uri", uri: `https://git.example.org:8443/${path}` });
});

test("a branch and a tag of GitLab are told apart", () => {
  const claims = {
    sub: "project_path:acme/app",
    ci_config_ref_uri: "gitlab.com/acme/app//.gitlab-ci.yml@refs/heads/main",
    ci_config_sha: "0",
    runner_environment: "gitlab-hosted",
    project_path: "acme/app",
    sha: "0",
    ref: "main",
    project_id: "1",
    namespace_path: "acme",
    namespace_id: "2",
    pipeline_source: "push",
    job_id: "3",
    project_visibility: "public",
  };
  for (const [type, expected] of [
    ["branch", "refs/heads/main"],
    ["tag", "refs/tags/main"],
  ]) {
    const token = tokenOf(ciKind("gitlab-pipeline"), { ...claims, ref_type: type ?? "" });
    const found = principalOf(token).extensions.find(({ oid }) => oid.endsWith(".14"));
    assert.equal(found && parseUtf8(found.value).slice(2), expected);
  }
});
