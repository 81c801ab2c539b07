import { RegoFault } from "../../faults.ts";
import { readJson, toPlainJson } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { findCertificateKey, isPublicKey } from "../crypto/certificate-key.ts";
import { parseJwks } from "../crypto/jwk.ts";
import type { TokenKey } from "../crypto/jwk.ts";
import { findPem } from "../crypto/pem.ts";
import { explainJson } from "../encoding/json-faults.ts";

/** JWA names that tokens may have (RFC 7518 §3.1, RFC 8037). */
export const algorithms: ReadonlySet<string> = new Set(
  "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 HS256 HS384 HS512 EdDSA".split(" "),
);

/**
 * The keys that a policy trusts: a certificate or a public key in PEM, a JWK, or a JWK set. Keys for algorithms that
 * no token has are left out.
 *
 * @throws BuiltinError
 */
export function parseKeys(text: string): readonly TokenKey[] {
  const block = findPem(text);
  if (!block) {
    return readJwks(
      text,
      "failed to parse a JWK key (set): jwk.ParseString: failed to parse string: ",
    ).filter(({ algorithm }) => algorithm === "" || algorithms.has(algorithm));
  }
  if (block.rest !== "") throw new BuiltinError("extra data after a PEM certificate block");
  if (block.type === "CERTIFICATE") {
    const spki = findCertificateKey(block.bytes);
    if (!spki) throw new BuiltinError("failed to parse a PEM certificate: x509: malformed certificate");
    return [{ algorithm: "", id: "", spki }];
  }
  if (block.type !== "PUBLIC KEY") throw new BuiltinError("failed to extract a Key from the PEM certificate");
  if (!isPublicKey(block.bytes))
    throw new BuiltinError("failed to parse a PEM public key: asn1: structure error");
  return [{ algorithm: "", id: "", spki: block.bytes }];
}

/**
 * The keys of a JWK or a JWK set.
 *
 * @param context what the error begins with.
 * @throws BuiltinError
 */
export function readJwks(text: string, context = ""): readonly TokenKey[] {
  try {
    return parseJwks(toPlainJson(readJson(text)));
  } catch (error) {
    const reason =
      error instanceof RegoFault
        ? `jwk.Parse: failed to probe data: probe: failed to unmarshal data: ${explainJson(text)}`
        : (error as Error).message;
    throw new BuiltinError(`${context}jwk.Parse: failed to parse sole key: jwk.ParseKey: ${reason}`);
  }
}
