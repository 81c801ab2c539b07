import { concatBytes, CustodyError, DerReader } from "custody/ground";
import type { Bytes } from "custody/ground";

import { stringBytes, stringOfBytes } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { pemBlocks } from "../crypto/pem.ts";
import { decodeBase64 } from "../encoding/base64-codec.ts";
import { parseCertificate } from "./certificate.ts";
import type { Certificate } from "./certificate.ts";

/**
 * Certificates from PEM, from PEM in base64, or from DER in base64.
 *
 * @throws BuiltinError
 */
export function parseCertificates(text: string): readonly Certificate[] {
  const decoded = text.startsWith("-----BEGIN")
    ? text
    : stringOfBytes(decodeBase64(stringBytes(text), "standard"));
  const der = decoded.startsWith("-----BEGIN") ? pemBytes(decoded) : concatBytes(stringBytes(decoded));
  return orMalformed("certificate", () => new DerReader(der).rest().map(parseCertificate));
}

function pemBytes(text: string): Bytes {
  const blocks = pemBlocks(text);
  const odd = blocks.find(({ type }) => type !== "CERTIFICATE");
  if (odd) throw new BuiltinError(`PEM block type is '${odd.type}', expected CERTIFICATE`);
  return concatBytes(...blocks.map(({ bytes }) => bytes));
}

/** Says of what cannot be read only that it is malformed. */
export function orMalformed<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof CustodyError) throw new BuiltinError(`x509: malformed ${what}`);
    throw error;
  }
}
