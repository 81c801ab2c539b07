import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { openSequenceRows, openTileFiles } from "@custody/node/log-store";
import { openIdentityTokens } from "@custody/node/oidc";
import type { Database } from "@custody/node/postgres";
import type { CertificateWitness } from "custody/authority";
import { CertificateLog, ownIssuer } from "custody/fulcio";
import type { OidcIssuer } from "custody/fulcio";
import { openLog } from "custody/log";

import type { AppPorts } from "./app.ts";
import { authorityPorts } from "./authority-files.ts";
import type { OpenedKeyless } from "./keyless-files.ts";

/** What gives certificates for tokens, and the log that sees every certificate of this server. */
export interface WiredKeyless {
  readonly certificateLog: CertificateWitness;
  readonly doors: Pick<AppPorts, "fulcio" | "identity" | "certificateLog">;
  close(): Promise<void>;
}

export async function wireKeyless(
  options: {
    readonly directory: string;
    readonly database: Database;
    readonly issuers: readonly OidcIssuer[];
  },
  {
    authority,
    certificateLogSigner: signer,
    certificateLogOrigin: origin,
    tokenSigner,
    issuerUrl,
  }: OpenedKeyless,
): Promise<WiredKeyless> {
  const { crypto, clock } = authorityPorts;
  const log = await openLog({
    store: await openSequenceRows(options.database, origin),
    tiles: openTileFiles(join(options.directory, "certificate-log")),
    signer,
    origin,
    crypto: nodeCrypto,
  });
  const certificateLog = new CertificateLog({ crypto, clock, log, signer });
  const own = ownIssuer(crypto, issuerUrl, tokenSigner.publicKey);
  const issuers = [own, ...options.issuers];
  const ports = { ...authorityPorts, certificateLog, tokens: openIdentityTokens(issuers) };
  return {
    certificateLog,
    doors: {
      fulcio: { ports, authority, issuers },
      identity: { ports: { crypto, clock, signer: tokenSigner }, issuerUrl, keys: own.keys },
      certificateLog: log,
    },
    close: () => log.close(),
  };
}
