import { findVerificationKey, parsePublicKey } from "custody/evidence";
import type { Bytes, Crypto, PublicKey } from "custody/ground";
import { derBitString, DerReader, derOid, derTags, findPemBlocks, parseBase64, utf8 } from "custody/ground";
import * as v from "valibot";

import { fulcioFault } from "./faults.ts";

/** A request for a signing certificate: who asks, for which key, and what shows that the key is theirs. */
export interface SigningRequest {
  readonly token: string;
  readonly publicKey: PublicKey;
  readonly proof: Proof;
}

/** A signature over the challenge, or the self-signed request of PKCS #10. */
type Proof =
  | { readonly kind: "challenge"; readonly signature: Bytes }
  | { readonly kind: "request"; readonly key: PublicKey; readonly signature: Bytes; readonly signed: Bytes };

const maxTokenCharacters = 16_384;
const maxKeyCharacters = 16_384;
/** A key of RSA 8192 needs 1,062 bytes: nothing that signs here is longer. */
const maxSpkiBytes = 1100;

const base64 = v.pipe(v.string(), v.maxLength(maxKeyCharacters));
const token = v.pipe(v.string(), v.maxLength(maxTokenCharacters));
const keyRequestShape = v.object({
  publicKey: v.object({
    algorithm: v.optional(v.string()),
    content: v.pipe(v.string(), v.maxLength(maxKeyCharacters)),
  }),
  proofOfPossession: base64,
});
const requestShape = v.object({
  credentials: v.optional(v.object({ oidcIdentityToken: v.optional(token) })),
  publicKeyRequest: v.optional(keyRequestShape),
  certificateSigningRequest: v.optional(base64),
});

/**
 * Reads a CreateSigningCertificateRequest (fulcio.proto) of its parsed JSON. The token stands in it or, as some clients
 * send it, beside it as the bearer's. Nothing of a PKCS #10 request counts but its key and its signature.
 *
 * @throws CustodyError `fulcio/request`.
 */
export function readSigningRequest(value: unknown, bearer?: string): SigningRequest {
  const shape = v.safeParse(requestShape, value);
  if (!shape.success) {
    const [issue] = shape.issues;
    throw requestFault(`${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
  }
  const { credentials, publicKeyRequest, certificateSigningRequest } = shape.output;
  const token = oneToken(credentials?.oidcIdentityToken, bearer);
  if (publicKeyRequest && certificateSigningRequest === undefined) {
    const { publicKey, proofOfPossession } = publicKeyRequest;
    const signature = readable(() => parseBase64(proofOfPossession));
    return { token, publicKey: readKey(publicKey.content), proof: { kind: "challenge", signature } };
  }
  if (publicKeyRequest || certificateSigningRequest === undefined) {
    throw requestFault("it must have one of publicKeyRequest and certificateSigningRequest");
  }
  return { token, ...readCertificationRequest(certificateSigningRequest) };
}

function oneToken(inside: string | undefined, beside: string | undefined): string {
  const found = inside ?? beside;
  if (found === undefined || found.length > maxTokenCharacters) {
    throw requestFault("it carries no identity token of a possible length");
  }
  if (beside !== undefined && beside !== found) throw requestFault("it carries two identity tokens");
  return found;
}

/**
 * Demands that the requester holds the private key.
 *
 * @throws CustodyError `fulcio/possession`.
 */
export async function demandPossession(
  crypto: Crypto,
  { publicKey, proof }: SigningRequest,
  challenge: string,
): Promise<void> {
  const isGood =
    proof.kind === "challenge"
      ? await crypto.verify(publicKey, proof.signature, utf8(challenge))
      : await crypto.verify(proof.key, proof.signature, proof.signed);
  if (isGood) return;
  throw fulcioFault(
    "fulcio/possession",
    "the signature does not show that the private key is the requester's",
    {
      next:
        proof.kind === "challenge"
          ? "sign the token's mail address, or its subject where it has none, with a key that is one: on its curve, and not compressed"
          : "sign the request with the key that it is for, and that is one: on its curve, and not compressed",
    },
  );
}

// PEM, or the DER of a SubjectPublicKeyInfo in base64.
function readKey(content: string): PublicKey {
  const [block, second] = findPemBlocks(content) ?? [];
  if (!block) return parseKey(readable(() => parseBase64(content)));
  if (block.label !== "PUBLIC KEY" || second) throw requestFault("the public key is not one PEM block");
  return parseKey(block.der);
}

function parseKey(spki: Bytes): PublicKey {
  if (spki.length > maxSpkiBytes) throw requestFault("the public key is too large");
  return readable(() => parsePublicKey(spki));
}

// RFC 2986 §4.2: what is signed, the algorithm, the signature. The field holds the PEM text's bytes.
function readCertificationRequest(field: string): Pick<SigningRequest, "publicKey" | "proof"> {
  return readable(() => {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(parseBase64(field));
    const [block, second] = findPemBlocks(text) ?? [];
    if (!block || second || !/^(NEW )?CERTIFICATE REQUEST$/.test(block.label)) {
      throw requestFault("the certificate signing request is not one PEM block");
    }
    return readPkcs10(block.der);
  });
}

function readPkcs10(der: Bytes): Pick<SigningRequest, "publicKey" | "proof"> {
  const outer = new DerReader(der);
  const request = outer.enter(derTags.sequence);
  outer.end();
  const info = request.read(derTags.sequence);
  const algorithm = new DerReader(request.read(derTags.sequence).content).read(derTags.oid);
  const signature = derBitString(request.read(derTags.bitString)).bytes;
  request.end();
  const members = new DerReader(info.content);
  members.read(derTags.integer);
  members.read(derTags.sequence);
  const publicKey = parseKey(members.read(derTags.sequence).whole);
  const key = findVerificationKey(publicKey, derOid(algorithm));
  if (!key) throw requestFault("the request is signed with an algorithm that is not its key's");
  return { publicKey, proof: { kind: "request", key, signature, signed: info.whole } };
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw requestFault((cause as Error).message, cause);
  }
}

function requestFault(message: string, cause?: unknown): Error {
  return fulcioFault("fulcio/request", `the request is refused: ${message}`, {
    next: "send credentials and one of publicKeyRequest and certificateSigningRequest, as fulcio.proto has it",
    ...(cause === undefined ? {} : { cause }),
  });
}
