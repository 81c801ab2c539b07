import type { TrustedRoot } from "custody/evidence";
import { instantOf } from "custody/ground";
import { formatSigningConfig } from "custody/sigstore";

import { findCurrentLog } from "./log-shards.ts";

/** Where clients sign: this server's doors, under the URL that others reach it by. */
export function signingConfigOf(trustedRoot: TrustedRoot, operator: string, publicUrl: string): object {
  const url = `${publicUrl}/sigstore`;
  return formatSigningConfig({
    certificateAuthority: `${url}/fulcio`,
    log: `${url}/rekor`,
    timestampAuthority: `${url}/tsa/api/v1/timestamp`,
    operator,
    start: findCurrentLog(trustedRoot)?.validFor.start ?? instantOf(0),
  });
}
