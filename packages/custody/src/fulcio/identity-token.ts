import type { Json } from "custody/ground";

import type { OidcIssuer } from "./oidc-issuer.ts";

/** A token whose signature, issuer, audience and times were checked (OpenID Connect Core §3.1.3.7). */
export interface VerifiedToken {
  readonly issuer: OidcIssuer;
  /** The `iss` of the token itself. */
  readonly iss: string;
  readonly subject: string;
  readonly claims: { readonly [claim: string]: Json };
}

/** Checks identity tokens. */
export interface IdentityTokens {
  /**
   * @throws CustodyError `fulcio/token` for one that is not good, `fulcio/issuer-unknown`, and `fulcio/issuer-unreachable`
   * when the issuer's keys cannot be had: then nothing was decided.
   */
  verify(token: string): Promise<VerifiedToken>;
}
