import type { SpiffeId } from "custody/spiffe";
import { findSpiffeId, isSpiffeIdOrOther, parseSpiffeId, trustDomainOf } from "custody/spiffe";
import * as v from "valibot";

/**
 * Who may vouch for a step: an identity of a trust domain's own authority, or a name together with the issuer that must have
 * vouched for it (a job of another CI system). Both are compared byte for byte.
 */
export type Functionary = SpiffeId | OutsideFunctionary;

/** Who signed, as a verified certificate says. */
export interface SignerName {
  readonly identity: string;
  readonly issuer: string;
}

export interface OutsideFunctionary {
  /** The certificate's one URI name. */
  readonly identity: string;
  /** The `iss` of the token that the certificate was given for. */
  readonly issuer: string;
}

const nameShape = v.pipe(v.string(), v.maxLength(2048), v.url());

const outsideShape = v.strictObject({
  identity: v.pipe(nameShape, v.check(isSpiffeIdOrOther, "begins like a SPIFFE ID and is none")),
  issuer: nameShape,
});

const spiffeShape = v.pipe(
  v.string(),
  v.check((text) => findSpiffeId(text) !== undefined, "not a SPIFFE ID"),
  v.transform(parseSpiffeId),
);

export const functionaryShape = v.union([spiffeShape, outsideShape]);

export function isOutside(functionary: Functionary): functionary is OutsideFunctionary {
  return typeof functionary !== "string";
}

/** One text for one functionary: two that are written the same are one voice. */
export function functionaryKey(functionary: Functionary): string {
  return isOutside(functionary) ? JSON.stringify([functionary.identity, functionary.issuer]) : functionary;
}

/** For people. */
export function describeFunctionary(functionary: Functionary): string {
  return isOutside(functionary) ? `${functionary.identity} of ${functionary.issuer}` : functionary;
}

/**
 * Whether a verified signer is the functionary. A SPIFFE ID alone means the authority of its own trust domain, which says so
 * as the issuer: an issuer from outside that vouches for such an ID has to be named.
 */
export function isFunctionary(functionary: Functionary, { identity, issuer }: SignerName): boolean {
  return isOutside(functionary)
    ? functionary.identity === identity && functionary.issuer === issuer
    : functionary === identity && issuer === `spiffe://${trustDomainOf(functionary)}`;
}
