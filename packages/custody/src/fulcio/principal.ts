import type { CertificateExtension, SubjectName } from "custody/authority";
import type { Json } from "custody/ground";
import { findSpiffeId, trustDomainOf } from "custody/spiffe";
import type { TrustDomain } from "custody/spiffe";

import type { FulcioExtension } from "./certificate-extensions.ts";
import { formatFulcioExtensions } from "./certificate-extensions.ts";
import type { ClaimTexts } from "./claim-template.ts";
import { fulcioFault } from "./faults.ts";
import type { VerifiedToken } from "./identity-token.ts";
import { findPlainUri, isMailAddress, maxNameCharacters } from "./names.ts";
import type { CiProvider } from "./oidc-issuer.ts";

/** Whom a certificate is made out to. */
export interface Principal {
  readonly name: SubjectName;
  /** What the requester signs to show that the key is theirs: the mail address, else the token's subject. */
  readonly challenge: string;
  readonly extensions: readonly CertificateExtension[];
}

type BuildTexts = ReadonlyMap<FulcioExtension, string>;

const kubernetesName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Whether Custody's own tokens vouch for such a name, where it is no mail address. */
export function isOwnName(text: string): boolean {
  const url = findPlainUri(text);
  return url?.protocol === "https:" || url?.protocol === "spiffe:";
}

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
        ? uriPrincipal(token, demandOwnName(token.subject))
        : emailPrincipal(token, false);
  }
}

function emailPrincipal(token: VerifiedToken, skipVerification: boolean): Principal {
  const { email, email_verified: isVerified } = token.claims;
  if (typeof email !== "string" || !isMailAddress(email)) {
    throw nobody("the token has no mail address as its claim `email`");
  }
  // Some providers write the truth as a text.
  if (!skipVerification && isVerified !== true && isVerified !== "true") {
    throw nobody(`the issuer has not verified the mail address ${email}`);
  }
  return principal(token, { kind: "email", email }, { challenge: email });
}

function uriPrincipal(token: VerifiedToken, uri: string, build?: BuildTexts): Principal {
  if (!findPlainUri(uri)) throw nobody(`${quote(uri)} is not a URI that a certificate can carry`);
  return principal(token, { kind: "uri", uri }, build ? { build } : {});
}

function usernamePrincipal(token: VerifiedToken, domain: string): Principal {
  const { subject } = token;
  // Neither what a reader does not see nor what turns the text around.
  if (/[!@\s\p{C}]/u.test(subject)) throw nobody(`the subject ${quote(subject)} is not a user's name`);
  return principal(token, { kind: "otherName", otherName: `${subject}!${domain}` });
}

function demandDomain(subject: string, domain: string): string {
  const [given, wanted] = [findPlainUri(subject), new URL(domain)];
  if (given?.protocol === wanted.protocol && given.host === wanted.host) return subject;
  throw nobody(`the subject ${quote(subject)} is not a URI of ${domain}`);
}

function demandSpiffeId(subject: string, domain: TrustDomain): string {
  const id = findSpiffeId(subject);
  if (id !== undefined && trustDomainOf(id) === domain) return id;
  throw nobody(`the subject ${quote(subject)} is not a SPIFFE ID of the trust domain ${domain}`);
}

function demandOwnName(subject: string): string {
  if (isOwnName(subject)) return subject;
  throw nobody(`the subject ${quote(subject)} is neither an https URL nor a SPIFFE ID`);
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

// What the claim says counts before the default of the same name; what is null, a list or an object says nothing.
function ciPrincipal(token: VerifiedToken, { defaults, name, extensions }: CiProvider): Principal {
  const texts = Object.entries(token.claims).flatMap(([claim, value]) => {
    const text = findText(value);
    return text === undefined ? [] : [[claim, text] as const];
  });
  const claims = new Map([...defaults, ...texts]);
  const build = new Map(
    [...extensions].map(
      ([extension, template]) => [extension, boundedText(template.render(claims))] as const,
    ),
  );
  return uriPrincipal(token, name.render(withoutEmpty(claims)), build);
}

function findText(value: Json): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

// A name with a part left out would be another's.
function withoutEmpty(claims: ClaimTexts): ClaimTexts {
  return new Map([...claims].filter(([, text]) => text !== ""));
}

function boundedText(text: string): string {
  if (text.length > maxNameCharacters) throw nobody("a claim of the token is too long for a certificate");
  return text;
}

function principal(
  { iss, subject }: VerifiedToken,
  name: SubjectName,
  { challenge = subject, build = new Map() }: { challenge?: string; build?: BuildTexts } = {},
): Principal {
  if (subject.length > maxNameCharacters) throw nobody("the token's subject is too long for a certificate");
  return { name, challenge, extensions: formatFulcioExtensions({ issuer: iss, subject, build }) };
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}

function nobody(message: string): Error {
  return fulcioFault("fulcio/identity", message);
}
