import type { AuthorityPorts, Issuer } from "custody/authority";
import { issueCertificateFor } from "custody/authority";
import type { Certificate } from "custody/evidence";
import { findSpiffeId, trustDomainOf } from "custody/spiffe";
import type { TrustDomain } from "custody/spiffe";

import { fulcioFault } from "./faults.ts";
import type { IdentityTokens } from "./identity-token.ts";
import type { Principal } from "./principal.ts";
import { principalOf } from "./principal.ts";
import { demandPossession, readSigningRequest } from "./signing-request.ts";

/** The authority for whoever an issuer vouches for; `chain` is its own certificate, then its issuers to the anchor. */
export interface KeylessAuthority {
  readonly issuer: Issuer;
  readonly chain: readonly Certificate[];
  /** The trust domain whose identities only Custody itself may have. */
  readonly reserved: TrustDomain;
}

export interface FulcioPorts extends AuthorityPorts {
  readonly tokens: IdentityTokens;
}

/**
 * Fulcio's CreateSigningCertificate: a certificate for ten minutes, for whom the token is about, with the requester's key.
 *
 * `bearer` is the token of the request's Authorization, where it has one.
 *
 * @returns the certificate, then the chain to the anchor.
 * @throws CustodyError `fulcio/…`; `authority/expired`; what the certificate log throws.
 */
export async function issueForToken(
  ports: FulcioPorts,
  authority: KeylessAuthority,
  { body, bearer }: { readonly body: unknown; readonly bearer?: string | undefined },
): Promise<readonly Certificate[]> {
  const request = readSigningRequest(body, bearer);
  const principal = principalOf(await ports.tokens.verify(request.token));
  demandFree(principal, authority.reserved);
  await demandPossession(ports.crypto, request, principal.challenge);
  const { name, extensions } = principal;
  const content = { name, extensions, publicKey: request.publicKey };
  return [await issueCertificateFor(ports, authority.issuer, content), ...authority.chain];
}

// What Custody does itself it signs with certificates of another authority, which no token gets one from.
function demandFree({ name }: Principal, reserved: TrustDomain): void {
  const id = name.kind === "uri" ? findSpiffeId(name.uri) : undefined;
  // Names of hosts may end in a dot, and mean the same.
  if (id === undefined || trustDomainOf(id).replace(/\.+$/, "") !== reserved) return;
  throw fulcioFault("fulcio/identity", `${id} is an identity of Custody itself`, { subject: id });
}
