import { parseTrustDomain } from "custody/spiffe";
import * as v from "valibot";
import { parseDocument } from "yaml";

import type { FulcioExtension } from "./certificate-extensions.ts";
import { fulcioExtensions } from "./certificate-extensions.ts";
import { knownCiProviders } from "./ci-providers.ts";
import type { CiProviderSource } from "./ci-providers.ts";
import { ClaimTemplate } from "./claim-template.ts";
import { fulcioFault } from "./faults.ts";
import type { CiProvider, IssuerKind, OidcIssuer } from "./oidc-issuer.ts";
import { findIssuerPattern } from "./oidc-issuer.ts";

const maxCharacters = 262_144;
const maxAliases = 200;
const maxIssuers = 256;
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(512));

const types = ["email", "uri", "username", "spiffe", "kubernetes", "ci-provider"] as const;
const issuerShape = v.strictObject({
  "issuer-url": v.optional(name),
  "client-id": name,
  type: v.picklist(types, `the type is none of ${types.join(", ")}`),
  contact: v.optional(v.string()),
  description: v.optional(v.string()),
  environment: v.optional(v.string()),
  "subject-domain": v.optional(name),
  "spiffe-trust-domain": v.optional(name),
  "ci-provider": v.optional(name),
  "skip-email-verification": v.optional(v.boolean(), false),
  /** Custody's own: the issuer's keys, where it cannot be asked. */
  jwks: v.optional(
    v.strictObject({ keys: v.pipe(v.array(v.record(v.string(), v.unknown())), v.maxLength(64)) }),
  ),
});
const providerShape = v.strictObject({
  "default-template-values": v.optional(v.record(v.string(), v.string())),
  "extension-templates": v.optional(v.record(v.string(), v.string())),
  "subject-alternative-name-template": name,
});
const issuersShape = v.pipe(
  v.record(v.string(), issuerShape),
  v.maxEntries(maxIssuers, `there are more than ${maxIssuers}`),
);
const configurationShape = v.strictObject({
  define: v.optional(v.unknown()),
  "oidc-issuers": v.optional(issuersShape, {}),
  "meta-issuers": v.optional(issuersShape, {}),
  "ci-issuer-metadata": v.optional(v.record(v.string(), providerShape), {}),
});

type IssuerShape = v.InferOutput<typeof issuerShape>;

/**
 * The issuers of a configuration in Fulcio's format (its `config.yaml`; JSON is YAML too): `oidc-issuers`, `meta-issuers`
 * with `*` in their URLs, and `ci-issuer-metadata` for CI systems besides those known here. An issuer may carry its keys
 * as `jwks`.
 *
 * @throws CustodyError `fulcio/configuration` that names the entry.
 */
export function parseIssuerConfiguration(text: string): readonly OidcIssuer[] {
  const shape = v.safeParse(configurationShape, parseYaml(text));
  if (!shape.success) {
    const [issue] = shape.issues;
    throw configurationFault(v.getDotPath(issue) ?? "the file", issue.message);
  }
  const { "oidc-issuers": exact, "meta-issuers": patterns, "ci-issuer-metadata": metadata } = shape.output;
  const providers = new Map(Object.entries({ ...knownCiProviders, ...metadata }));
  return [
    ...Object.entries(exact).map(([url, issuer]) => exactIssuer(url, issuer, providers)),
    ...Object.entries(patterns).map(([pattern, issuer]) => metaIssuer(pattern, issuer, providers)),
  ];
}

function parseYaml(text: string): unknown {
  if (text.length > maxCharacters) throw configurationFault("the file", "it is too large");
  const document = parseDocument(text, { version: "1.2", uniqueKeys: true });
  const [error] = document.errors;
  if (error) throw configurationFault("the file", error.message);
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    throw configurationFault("the file", (cause as Error).message);
  }
}

type Providers = ReadonlyMap<string, CiProviderSource>;

function exactIssuer(url: string, issuer: IssuerShape, providers: Providers): OidcIssuer {
  const issuerUrl = issuer["issuer-url"] ?? url;
  if (issuerUrl !== url) throw configurationFault(url, "its issuer-url is another");
  if (!isReachable(issuerUrl) && !issuer.jwks) {
    throw configurationFault(url, "it is not an https URL, and has no jwks");
  }
  return issuerOf(issuerUrl, issuer, providers);
}

function metaIssuer(text: string, issuer: IssuerShape, providers: Providers): OidcIssuer {
  const pattern = findIssuerPattern(text);
  if (!pattern || !isReachable(text.replaceAll("*", "x"))) {
    throw configurationFault(
      text,
      "it is not an https URL with stars, each followed by a dot, a slash or nothing",
    );
  }
  return { ...issuerOf(text, issuer, providers), pattern };
}

function issuerOf(issuerUrl: string, issuer: IssuerShape, providers: Providers): OidcIssuer {
  const { "client-id": audience, jwks } = issuer;
  const kind = kindOf(issuerUrl, issuer, providers);
  return { issuerUrl, audience, kind, ...(jwks ? { keys: jwks } : {}) };
}

// Keys come over TLS, or from this machine.
function isReachable(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.search !== "" || url.hash !== "" || url.username !== "") return false;
  return (
    url.protocol === "https:" ||
    (url.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
  );
}

function kindOf(url: string, issuer: IssuerShape, providers: Providers): IssuerKind {
  const { type } = issuer;
  const demand = (key: "subject-domain" | "spiffe-trust-domain" | "ci-provider"): string => {
    const value = issuer[key];
    if (value === undefined) throw configurationFault(url, `issuers of type ${type} need ${key}`);
    return value;
  };
  switch (type) {
    case "email":
      return { type, skipEmailVerification: issuer["skip-email-verification"] };
    case "uri":
      return { type, subjectDomain: demandUrl(url, demand("subject-domain")) };
    case "username":
      return { type, subjectDomain: demand("subject-domain") };
    case "spiffe":
      return { type, trustDomain: parseTrustDomain(demand("spiffe-trust-domain")) };
    case "ci-provider":
      return { type, provider: providerOf(url, demand("ci-provider"), providers) };
    default:
      return { type };
  }
}

function demandUrl(issuer: string, text: string): string {
  if (!URL.canParse(text)) throw configurationFault(issuer, "its subject-domain is not a URL");
  return text;
}

function providerOf(issuer: string, provider: string, providers: Providers): CiProvider {
  const source = providers.get(provider);
  if (!source) throw configurationFault(issuer, `nothing is known of the ci-provider ${provider}`);
  const extensions = Object.entries(source["extension-templates"] ?? {}).map(
    ([extension, template]) => [demandExtension(provider, extension), ClaimTemplate.parse(template)] as const,
  );
  return {
    defaults: new Map(Object.entries(source["default-template-values"] ?? {})),
    name: ClaimTemplate.parse(source["subject-alternative-name-template"]),
    extensions: new Map(extensions),
  };
}

function demandExtension(provider: string, extension: string): FulcioExtension {
  const known = fulcioExtensions.find((candidate) => candidate === extension);
  if (!known) throw configurationFault(provider, `certificates have no extension ${extension}`);
  return known;
}

function configurationFault(subject: string, message: string): Error {
  return fulcioFault(
    "fulcio/configuration",
    `the issuers' configuration is refused: ${subject}: ${message}`,
    {
      subject,
      next: "write it as Fulcio's config.yaml: oidc-issuers, each with client-id and type",
    },
  );
}
