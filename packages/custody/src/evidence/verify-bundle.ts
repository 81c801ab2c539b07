import { preAuthEncode } from "custody/dsse";
import type { Bytes, Crypto, Digest, Instant, Reason } from "custody/ground";
import { CustodyError, digestOf } from "custody/ground";

import type { Bundle } from "./bundle.ts";
import { parseBundle } from "./bundle.ts";
import type { Certificate } from "./certificate.ts";
import { codeSigningOid } from "./certificate.ts";
import { verifyCertificatePath } from "./certificate-path.ts";
import type { Examination } from "./examination.ts";
import { Refusal } from "./examination.ts";
import type { LogPosition } from "./log-entry.ts";
import { verifyLogEntries } from "./log-entry.ts";
import type { Statement } from "./statement.ts";
import { inTotoPayloadType, parseStatement } from "./statement.ts";
import { verifyTimestamp } from "./timestamp.ts";
import type { TrustedRoot } from "./trusted-root.ts";

/** An attestation whose signature, time, certificate and log entry were checked. What it says is not yet believed. */
export interface VerifiedBundle {
  /** SHA-256 of the bundle's bytes. */
  readonly digest: Digest;
  /** SHA-256 of the envelope's payload: what was said, whatever bundle it is in. */
  readonly payload: Digest;
  readonly statement: Statement;
  /** The one URI subject alternative name of the certificate. */
  readonly identity: string;
  /** Who vouched for the identity (Fulcio's issuer extension). */
  readonly issuer: string;
  /** When a trusted timestamp authority saw the signature. */
  readonly signedAt: Instant;
  readonly logged: LogPosition | undefined;
}

/** What came of one bundle. A refused bundle shows what it claimed, so that a refusal can say what is wrong with what. */
export type ExaminedBundle =
  | { readonly kind: "verified"; readonly bundle: VerifiedBundle }
  | { readonly kind: "refused"; readonly reason: Reason; readonly claimed: Statement | undefined }
  | { readonly kind: "unreadable"; readonly reason: Reason };

/**
 * Checks one bundle against the trusted root: its bytes, not what anyone says of them.
 *
 * @example const examined = await examineBundle(crypto, bytes, root, new Examination());
 */
export async function examineBundle(
  crypto: Crypto,
  bytes: Bytes,
  root: TrustedRoot,
  examination: Examination,
): Promise<ExaminedBundle> {
  const digest = digestOf(crypto, bytes);
  let claimed: Statement | undefined;
  try {
    const bundle = parseBundle(bytes);
    claimed = statementOf(bundle);
    return {
      kind: "verified",
      bundle: await verifyParsed(crypto, { bundle, digest, claimed }, root, examination),
    };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reason: error.reason, claimed };
    if (!(error instanceof CustodyError)) throw error;
    return { kind: "unreadable", reason: { code: error.code, subject: digest, message: error.message } };
  }
}

/** Examines bundles, each for itself, in their order. */
export function examineBundles(
  crypto: Crypto,
  bundles: readonly Bytes[],
  root: TrustedRoot,
  examination: Examination,
): Promise<ExaminedBundle[]> {
  return Promise.all(bundles.map((bytes) => examineBundle(crypto, bytes, root, examination)));
}

function statementOf({ envelope }: Bundle): Statement {
  if (envelope.payloadType !== inTotoPayloadType) {
    throw new CustodyError("evidence/statement", `the payload type is not ${inTotoPayloadType}`);
  }
  return parseStatement(envelope.payload);
}

async function verifyParsed(
  crypto: Crypto,
  { bundle, digest, claimed }: { bundle: Bundle; digest: Digest; claimed: Statement },
  root: TrustedRoot,
  examination: Examination,
): Promise<VerifiedBundle> {
  const about = { examination, subject: digest };
  const signedAt = await timeOf(crypto, bundle, root, about);
  const { certificate } = bundle;
  await verifyCertificatePath(crypto, certificate, root.authorities, { at: signedAt, ...about });
  const { identity, issuer } = signerOf(certificate, about);
  const logged = await verifyLogEntries(crypto, bundle, root, { at: signedAt, ...about });
  await verifySignature(crypto, bundle, about);
  const payload = digestOf(crypto, bundle.envelope.payload);
  return { digest, payload, statement: claimed, identity, issuer, signedAt, logged };
}

interface About {
  readonly examination: Examination;
  readonly subject: string;
}

async function timeOf(crypto: Crypto, bundle: Bundle, root: TrustedRoot, about: About): Promise<Instant> {
  const { examination, subject } = about;
  const [token] = bundle.timestamps;
  const [signature] = bundle.envelope.signatures;
  examination.demand(!!token, "evidence/timestamp-missing", subject, "the bundle has no signed timestamp");
  const unverified = bundle.certificate.validity.start;
  if (!token || !signature) return unverified;
  const time = await verifyTimestamp(crypto, token, signature.sig, {
    authorities: root.timestampAuthorities,
    issuance: examination.issuance,
  });
  examination.demand(
    time !== undefined,
    "evidence/timestamp-invalid",
    subject,
    "no trusted timestamp authority vouches for the signature's time",
  );
  return time ?? unverified;
}

function signerOf(
  certificate: Certificate,
  { examination, subject }: About,
): { identity: string; issuer: string } {
  const { uris, otherNames, extendedKeyUsage, keyUsage, isCertificateAuthority, oidcIssuer } = certificate;
  examination.demand(
    extendedKeyUsage.includes(codeSigningOid) && keyUsage.has("digitalSignature") && !isCertificateAuthority,
    "evidence/certificate-purpose",
    subject,
    "the certificate is not one for signing",
  );
  const [identity] = uris;
  examination.demand(
    identity !== undefined && uris.length + otherNames.length === 1,
    "evidence/identity-mismatch",
    subject,
    "the certificate does not name exactly one URI identity",
  );
  return { identity: identity ?? "", issuer: oidcIssuer ?? "" };
}

async function verifySignature(
  crypto: Crypto,
  bundle: Bundle,
  { examination, subject }: About,
): Promise<void> {
  const { envelope, certificate } = bundle;
  const signed = preAuthEncode(envelope.payloadType, envelope.payload);
  const [signature] = envelope.signatures;
  const isGood = !!signature && (await crypto.verify(certificate.publicKey, signature.sig, signed));
  examination.demand(isGood, "evidence/signature-invalid", subject, "the signature is not the certificate's");
}
