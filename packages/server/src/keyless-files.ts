import { join } from "node:path";

import { openKeyFile } from "@custody/node/crypto";
import { certifyKeylessIntermediate, createKeylessRoot } from "custody/authority";
import type { AuthorityPorts } from "custody/authority";
import type { KeylessAuthority } from "custody/fulcio";
import type { Signer } from "custody/ground";
import type { TrustDomain } from "custody/spiffe";

import { openCertificate, openRootKey } from "./key-folder.ts";

/** What certificates for others than Custody itself are made with. */
export interface OpenedKeyless {
  readonly authority: KeylessAuthority;
  readonly certificateLogSigner: Signer;
  readonly certificateLogOrigin: string;
  /** Signs Custody's own identity tokens. */
  readonly tokenSigner: Signer;
  /** The `iss` of these tokens. */
  readonly issuerUrl: string;
}

/**
 * Opens them below `directory/keys`, made on first start. The authority is apart from Custody's own, root and all: no token
 * can lead to a certificate that speaks for Custody.
 */
export async function openKeyless(
  ports: AuthorityPorts,
  folder: string,
  trustDomain: TrustDomain,
): Promise<OpenedKeyless> {
  const signer = await openKeyFile(join(folder, "keyless.key"), "ecdsa-p256-sha256");
  const openRoot = (): Promise<Signer> => openRootKey(folder, "keyless-root");
  const root = await openCertificate(folder, "keyless-root", async () =>
    createKeylessRoot(ports, trustDomain, await openRoot()),
  );
  const certificate = await openCertificate(folder, "keyless", async () =>
    certifyKeylessIntermediate(
      ports,
      { certificate: root, signer: await openRoot() },
      { trustDomain, publicKey: signer.publicKey },
    ),
  );
  return {
    authority: { issuer: { certificate, signer }, chain: [certificate, root], reserved: trustDomain },
    certificateLogSigner: await openKeyFile(join(folder, "certificate-log.key"), "ecdsa-p256-sha256"),
    certificateLogOrigin: `ct.${trustDomain}`,
    tokenSigner: await openKeyFile(join(folder, "identity-token.key"), "rsa-pkcs1-sha256"),
    issuerUrl: `https://${trustDomain}`,
  };
}
