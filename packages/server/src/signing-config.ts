import type { TrustedRoot } from "custody/evidence";
import { instantOf } from "custody/ground";
import { formatSigningConfig } from "custody/sigstore";

/** Where clients sign: this server's doors, under the URL that others reach it by. */
export function signingConfigOf(trustedRoot: TrustedRoot, operator: string, publicUrl: string): object {
  const url = `${publicUrl}/sigstore`;
  return formatSigningConfig({
    certificateAuthority: `${url}/fulcio`,
    log: `${url}/rekor`,
    timestampAuthority: `${url}/tsa/api/v1/timestamp`,
    operator,
    start: trustedRoot.logs[0]?.validFor.start ?? instantOf(0),
  });
}
