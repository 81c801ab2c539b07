import type { Clock, Crypto, PublicKey, Signer } from "custody/ground";
import { derBitString, DerReader, derTags, toBase64Url, utf8 } from "custody/ground";

import { fulcioFault } from "./faults.ts";
import { isMailAddress } from "./names.ts";
import type { JsonWebKeySet, OidcIssuer } from "./oidc-issuer.ts";
import { isOwnName } from "./principal.ts";

/** The audience that Sigstore's clients ask tokens for. */
export const sigstoreAudience = "sigstore";

const tokenSeconds = 600;

/** What a token of Custody's own is made with; the signer is of RSA with SHA-256, the one that every client reads. */
export interface OwnTokenPorts {
  readonly crypto: Pick<Crypto, "sha256">;
  readonly clock: Clock;
  readonly signer: Signer;
}

/**
 * An identity token (OpenID Connect Core §2) for ten minutes, in which this server vouches for somebody: a mail address, an
 * https URL or a SPIFFE ID. The caller has established that whoever gets it may have it.
 *
 * @throws CustodyError `fulcio/identity` for a text that is neither.
 */
export async function issueOwnToken(
  { crypto, clock, signer }: OwnTokenPorts,
  iss: string,
  { identity, audience }: { readonly identity: string; readonly audience: string },
): Promise<string> {
  const isEmail = isMailAddress(identity);
  if (!isEmail && !isOwnName(identity)) throw namesNobody(identity);
  const iat = Math.floor(clock.now() / 1000);
  const claims = { iss, sub: identity, aud: audience, iat, exp: iat + tokenSeconds };
  const payload = isEmail ? { ...claims, email: identity, email_verified: true } : claims;
  const header = { alg: "RS256", typ: "JWT", kid: keyIdOf(crypto, signer.publicKey) };
  const signed = [header, payload].map((part) => toBase64Url(utf8(JSON.stringify(part)))).join(".");
  return `${signed}.${toBase64Url(await signer.sign(utf8(signed)))}`;
}

function namesNobody(identity: string): Error {
  const quoted = JSON.stringify(identity.slice(0, 120));
  return fulcioFault("fulcio/identity", `${quoted} is neither a mail address nor an https or SPIFFE URI`, {
    next: "name who is to sign as alice@example.org, https://example.org/ci/build or spiffe://example.org/build",
  });
}

/** Custody's own tokens as an issuer of which certificates are given. */
export function ownIssuer(
  crypto: Pick<Crypto, "sha256">,
  issuerUrl: string,
  key: PublicKey,
): OidcIssuer & { readonly keys: JsonWebKeySet } {
  const jwk = { ...publicMembers(key), kid: keyIdOf(crypto, key), alg: "RS256", use: "sig" };
  return { issuerUrl, audience: sigstoreAudience, kind: { type: "custody" }, keys: { keys: [jwk] } };
}

function keyIdOf(crypto: Pick<Crypto, "sha256">, key: PublicKey): string {
  return toBase64Url(crypto.sha256(utf8(JSON.stringify(publicMembers(key)))));
}

// RFC 7518 §6.3.1, in the order of a thumbprint (RFC 7638 §3.2); the key is an RSAPublicKey (RFC 8017 §A.1.1).
function publicMembers({ spki }: PublicKey): { e: string; kty: string; n: string } {
  const info = new DerReader(spki).enter(derTags.sequence);
  info.read(derTags.sequence);
  const key = new DerReader(derBitString(info.read(derTags.bitString)).bytes).enter(derTags.sequence);
  const [n, e] = [key.read(derTags.integer).content, key.read(derTags.integer).content];
  return { e: toBase64Url(e), kty: "RSA", n: toBase64Url(n[0] === 0 ? n.slice(1) : n) };
}
