import assert from "node:assert/strict";
import { test } from "node:test";

import { parseIssuerConfiguration } from "./issuer-configuration.ts";
import { findIssuerOf } from "./oidc-issuer.ts";

const yaml = `
define:
  - &ci "my-ci"
oidc-issuers:
  https://accounts.example.org:
    issuer-url: https://accounts.example.org
    client-id: sigstore
    type: email
    contact: someone@example.org
    description: "people"
  https://ci.example.org:
    client-id: sigstore
    type: ci-provider
    ci-provider: *ci
  https://spire.example.org:
    client-id: custody
    type: spiffe
    spiffe-trust-domain: example.org
meta-issuers:
  https://oidc.*.example.org/id/*:
    client-id: sigstore
    type: kubernetes
ci-issuer-metadata:
  *ci :
    default-template-values: { url: "https://ci.example.org" }
    extension-templates: { build-trigger: event }
    subject-alternative-name-template: "{{ .url }}/{{ .job }}"
`;

test("reads issuers in Fulcio's format, anchors and all", () => {
  const issuers = parseIssuerConfiguration(yaml);
  const types = issuers.map(({ issuerUrl, audience, kind }) => [issuerUrl, audience, kind.type]);
  assert.deepEqual(types, [
    ["https://accounts.example.org", "sigstore", "email"],
    ["https://ci.example.org", "sigstore", "ci-provider"],
    ["https://spire.example.org", "custody", "spiffe"],
    ["https://oidc.*.example.org/id/*", "sigstore", "kubernetes"],
  ]);
});

test("finds a token's issuer exactly, or by the pattern of a meta-issuer", () => {
  const issuers = parseIssuerConfiguration(yaml);
  const found = (iss: string): string | undefined => findIssuerOf(issuers, iss)?.kind.type;
  assert.equal(found("https://accounts.example.org"), "email");
  assert.equal(found("https://oidc.eu-1.example.org/id/AB_c"), "kubernetes");
  for (const iss of [
    "https://accounts.example.org/",
    "https://accounts.example.org.evil.example",
    "https://oidc.*.example.org/id/*",
    "https://oidc.evil.example/x.example.org/id/1",
    "https://oidc.eu.example.org/id/1/2",
    "https://oidc..example.org/id/1",
    "https://oidcxeu.example.org/id/1",
    "prefix https://oidc.eu.example.org/id/1",
  ]) {
    assert.equal(found(iss), undefined, iss);
  }
});

test("refuses what is not understood, and names it", () => {
  const issuer = (members: object, url = "https://a.example.org"): string =>
    JSON.stringify({ "oidc-issuers": { [url]: { "client-id": "sigstore", type: "email", ...members } } });
  const meta = (url: string): string =>
    JSON.stringify({ "meta-issuers": { [url]: { "client-id": "sigstore", type: "kubernetes" } } });
  const provider = (metadata: object): string =>
    JSON.stringify({
      "oidc-issuers": {
        "https://a.example.org": { "client-id": "sigstore", type: "ci-provider", "ci-provider": "x" },
      },
      "ci-issuer-metadata": { x: { "subject-alternative-name-template": "{{ .a }}", ...metadata } },
    });
  assert.equal(parseIssuerConfiguration(issuer({})).length, 1);
  assert.equal(parseIssuerConfiguration(meta("https://*.example.org/*")).length, 1);
  assert.equal(parseIssuerConfiguration(provider({})).length, 1);
  const refused: readonly (readonly [string, RegExp])[] = [
    ["- a list", /refused/],
    ["a: [", /the file/],
    [issuer({ "issuer-claim": "$.x" }), /issuer-claim/],
    [issuer({ type: "chainguard-identity" }), /type is none of/],
    [issuer({ type: "uri" }), /subject-domain/],
    [issuer({ type: "uri", "subject-domain": "example.org" }), /not a URL/],
    [issuer({ type: "spiffe" }), /spiffe-trust-domain/],
    [issuer({ "issuer-url": "https://b.example.org" }), /another/],
    [issuer({}, "http://a.example.org"), /https/],
    [issuer({}, "https://user@a.example.org"), /https/],
    [issuer({ type: "ci-provider", "ci-provider": "unheard-of" }), /unheard-of/],
    [meta("https://*a.example.org"), /stars/],
    [meta("https://**.example.org"), /stars/],
    [meta("https://example.org"), /stars/],
    [provider({ "extension-templates": { unknown: "x" } }), /unknown/],
    [provider({ "subject-alternative-name-template": "{{ .a" }), /not closed/],
    [provider({ "subject-alternative-name-template": "{{ printf .a }}" }), /not an action/],
    [provider({ "subject-alternative-name-template": '{{ if eq .a "b" }}c' }), /end/],
    [provider({ "subject-alternative-name-template": "a{{ end }}" }), /closes nothing/],
  ];
  for (const [text, expected] of refused) {
    assert.throws(() => parseIssuerConfiguration(text), { message: expected }, text);
  }
});
