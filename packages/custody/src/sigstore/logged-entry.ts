import { parseCertificate } from "custody/evidence";
import type { Crypto, Digest, Instant } from "custody/ground";
import { digestOf, parseBase64, parseJson, toHex } from "custody/ground";
import { entryLimitBytes } from "custody/merkle";
import * as v from "valibot";

import { findIdentity, findIssuer } from "./identity.ts";
import { attempt } from "./reasons.ts";

/** Who made a signature that a log holds: whom the certificate names, or just a key. */
export interface LoggedSigner {
  /** SHA-256 of the key's SubjectPublicKeyInfo. */
  readonly key: Digest;
  /** The certificate's one name; undefined without a certificate, or where it has none that can be read. */
  readonly identity: string | undefined;
  readonly issuer: string | undefined;
  /** When the certificate begins; a short-lived one's signature was made soon after. */
  readonly certifiedFrom: Instant | undefined;
}

/** What a log's entry says was signed, and by whom. */
export interface LoggedStatement {
  readonly kind: "hashedrekord" | "dsse";
  /** The digest of the artifact, or of the envelope's payload, as `sha256:HEX` (or another hash's name). */
  readonly digest: string;
  readonly signers: readonly LoggedSigner[];
}

const raw = v.object({ rawBytes: v.string() });
const verifierShape = v.object({ x509Certificate: v.optional(raw), publicKey: v.optional(raw) });
const hashShape = v.object({
  algorithm: v.picklist(["SHA2_256", "SHA2_384", "SHA2_512"]),
  digest: v.string(),
});
const signatureShape = v.object({ verifier: verifierShape });
const apiVersion = v.literal("0.0.2");
const entryShape = v.variant("kind", [
  v.object({
    apiVersion,
    kind: v.literal("hashedrekord"),
    spec: v.object({ hashedRekordV002: v.object({ data: hashShape, signature: signatureShape }) }),
  }),
  v.object({
    apiVersion,
    kind: v.literal("dsse"),
    spec: v.object({
      dsseV002: v.object({
        payloadHash: hashShape,
        signatures: v.pipe(v.array(signatureShape), v.maxLength(64)),
      }),
    }),
  }),
]);

/**
 * What an entry of a Rekor v2 log says (protobuf-specs, `rekor/v2`); undefined for anything else. Its signatures were
 * for the log to verify.
 */
export function findLoggedStatement(
  hasher: Pick<Crypto, "sha256">,
  entry: Uint8Array,
): LoggedStatement | undefined {
  return attempt(() => {
    const { output, success } = v.safeParse(entryShape, parseJson(entry, { sizeBytes: entryLimitBytes }));
    return success ? statementOf(hasher, output) : undefined;
  });
}

function statementOf(
  hasher: Pick<Crypto, "sha256">,
  entry: v.InferOutput<typeof entryShape>,
): LoggedStatement {
  const [hash, signatures] =
    entry.kind === "dsse"
      ? [entry.spec.dsseV002.payloadHash, entry.spec.dsseV002.signatures]
      : [entry.spec.hashedRekordV002.data, [entry.spec.hashedRekordV002.signature]];
  const name = hash.algorithm.replace("SHA2_", "sha");
  return {
    kind: entry.kind,
    digest: `${name}:${toHex(parseBase64(hash.digest))}`,
    signers: signatures.map(({ verifier }) => signerOf(hasher, verifier)),
  };
}

function signerOf(
  hasher: Pick<Crypto, "sha256">,
  { x509Certificate, publicKey }: v.InferOutput<typeof verifierShape>,
): LoggedSigner {
  if (!x509Certificate) {
    const key = digestOf(hasher, parseBase64(publicKey?.rawBytes ?? ""));
    return { key, identity: undefined, issuer: undefined, certifiedFrom: undefined };
  }
  const certificate = parseCertificate(parseBase64(x509Certificate.rawBytes));
  const key = digestOf(hasher, certificate.publicKey.spki);
  const { start } = certificate.validity;
  return {
    key,
    identity: findIdentity(certificate),
    issuer: findIssuer(certificate),
    certifiedFrom: start,
  };
}
