import { generateSigner } from "@custody/node/crypto";
import { issueCertificateFor, sealStatement, textExtension } from "custody/authority";
import { fulcioIssuerOid } from "custody/evidence";
import type { SignerName, Statement } from "custody/evidence";
import type { Bytes } from "custody/ground";

import type { Loop } from "./loop.testing.ts";

/** A statement, signed by somebody under a certificate of the authority for everybody. */
export async function sealAs(
  loop: Loop,
  { identity, issuer }: SignerName,
  statement: Statement,
): Promise<Bytes> {
  const { ports, authorities, keyless } = loop.trust;
  const signer = await generateSigner("ecdsa-p256-sha256");
  const certificate = await issueCertificateFor(ports, keyless, {
    name: { kind: "uri", uri: identity },
    publicKey: signer.publicKey,
    extensions: [textExtension(fulcioIssuerOid, issuer)],
  });
  return sealStatement(ports, authorities, { certificate, signer }, statement);
}
