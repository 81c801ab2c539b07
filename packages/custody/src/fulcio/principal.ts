import type { CertificateExtension, SubjectName } from "custody/authority";
import type { Json } from "custody/ground";
import { parseSpiffeId, trustDomainOf } from "custody/spiffe";
import type { TrustDomain } from "custody/spiffe";

import type { FulcioExtension } from "./certificate-extensions.ts";
import { formatFulcioExtensions } from "./certificate-extensions.ts";
import { fulcioFault } from "./faults.ts";
import type { VerifiedToken } from "./identity-token.ts";
import type { CiProvider } from "./oidc-issuer.ts";

/** Whom a certificate is made out to. */
export interface Principal {
  readonly name: SubjectName;
  /** What the requester signs to show that the key is theirs: the mail address, else the token's subject. */
  readonly challenge: string;
  readonly extensions: readonly CertificateExtension[];
}

const maxNameCharacters = 2048;
const emailPattern =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;
/** RFC 3986 §2: the characters of a URI. The certificate's form is of the same (RFC 5280 §4.2.1.6). */
const uriPattern = /^[a-z][a-z0-9+.-]*:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const kubernetesName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * Whom a verified token is about, as its issuer's type says.
 *
 * @throws CustodyError `fulcio/identity` when it names nobody of that type.
 */
export function principalOf(token: VerifiedToken): Principal {
  const { kind } = token.issuer;
  switch (kind.type) {
    case "email":
      return emailPrincipal(token, kind.skipEmailVerification);
    case "uri":
      return uriPrincipal(token, demandDomain(token.subject, kind.subjectDomain));
    case "username":
      return usernamePrincipal(token, kind.subjectDomain);
    case "spiffe":
      return uriPrincipal(token, demandSpiffeId(token.subject, kind.trustDomain));
    case "kubernetes":
      return uriPrincipal(token, serviceAccountUri(token.claims["kubernetes.io"]));
    case "ci-provider":
      return ciPrincipal(token, kind.provider);
    default:
      return token.claims["email"] === undefined
        ? uriPrincipal(token, token.subject)
        : emailPrincipal(token, false);
  }
}

function emailPrincipal(token: VerifiedToken, skipVerification: boolean): Principal {
  const { email, email_verified: isVerified } = token.claims;
  if (typeof email !== "string" || !emailPattern.test(email)) {
    throw nobody("the token has no mail address as its claim `email`");
  }
  // Some providers write the truth as a text.
  if (!skipVerification && isVerified !== true && isVerified !== "true") {
    throw nobody(`the issuer has not verified the mail address ${email}`);
  }
  return principal(token, { kind: "email", email }, { challenge: email });
}

function uriPrincipal(token: VerifiedToken, uri: string): Principal {
  return principal(token, { kind: "uri", uri: demandUri(uri) });
}

function usernamePrincipal(token: VerifiedToken, domain: string): Principal {
  const { subject } = token;
  if (/[!@\s\p{Cc}]/u.test(subject)) throw nobody(`the subject ${quote(subject)} is not a user's name`);
  return principal(token, { kind: "otherName", otherName: `${subject}!${domain}` });
}

function demandDomain(subject: string, domain: string): string {
  const [given, wanted] = [findUrl(subject), new URL(domain)];
  if (given?.protocol !== wanted.protocol || given.hostname !== wanted.hostname || subject.includes("\\")) {
    throw nobody(`the subject ${quote(subject)} is not a URI of ${domain}`);
  }
  return subject;
}

function demandSpiffeId(subject: string, domain: TrustDomain): string {
  const id = parseSpiffeId(subject);
  if (trustDomainOf(id) !== domain) throw nobody(`${quote(subject)} is not of the trust domain ${domain}`);
  return id;
}

function serviceAccountUri(claim: Json | undefined): string {
  const namespace = memberOf(claim, "namespace");
  const account = memberOf(memberOf(claim, "serviceaccount"), "name");
  const names = [namespace, account];
  if (!names.every((name): name is string => typeof name === "string" && kubernetesName.test(name))) {
    throw nobody("the claim `kubernetes.io` names no service account");
  }
  return `https://kubernetes.io/namespaces/${names[0]}/serviceaccounts/${names[1]}`;
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as { readonly [key: string]: Json })[name]
    : undefined;
}

// What the claim says counts before the default of the same name.
function ciPrincipal(token: VerifiedToken, { defaults, name, extensions }: CiProvider): Principal {
  const texts = Object.entries(token.claims).map(([claim, value]) => [claim, textOf(value)] as const);
  const claims = new Map([...defaults, ...texts]);
  const build = new Map(
    [...extensions].map(
      ([extension, template]) => [extension, boundedText(template.render(claims))] as const,
    ),
  );
  return principal(token, { kind: "uri", uri: demandUri(name.render(claims)) }, { build });
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function boundedText(text: string): string {
  if (text.length > maxNameCharacters) throw nobody("a claim of the token is too long for a certificate");
  return text;
}

function principal(
  { iss, subject }: VerifiedToken,
  name: SubjectName,
  {
    challenge = subject,
    build = new Map(),
  }: { challenge?: string; build?: ReadonlyMap<FulcioExtension, string> } = {},
): Principal {
  return { name, challenge, extensions: formatFulcioExtensions({ issuer: iss, subject, build }) };
}

function demandUri(text: string): string {
  if (text.length > maxNameCharacters || !uriPattern.test(text) || !findUrl(text)) {
    throw nobody(`${quote(text)} is not a URI that a certificate can carry`);
  }
  return text;
}

function findUrl(text: string): URL | undefined {
  return URL.parse(text) ?? undefined;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}

function nobody(message: string): Error {
  return fulcioFault("fulcio/identity", message);
}
