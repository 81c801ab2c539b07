import { parseTrustedRoot, parseWitnessDemand } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import type { Crypto } from "custody/ground";
import { parseJson, utf8 } from "custody/ground";

import type { TrustTexts } from "./messages.ts";

/**
 * The trusted root of texts, with the witnesses that its logs are held to.
 *
 * @throws CustodyError `json/…`, `evidence/…`, `note/policy`.
 */
export function readTrust(crypto: Pick<Crypto, "sha256">, { root, witnesses }: TrustTexts): TrustedRoot {
  const trusted = parseTrustedRoot(parseJson(utf8(root)));
  return witnesses === undefined
    ? trusted
    : { ...trusted, witnesses: parseWitnessDemand(crypto, utf8(witnesses)) };
}
