import seeds from "@sigstore/tuf/seeds.json" with { type: "json" };

import { parseBase64 } from "custody/ground";
import type { Bytes } from "custody/ground";

/** The trusted root of Sigstore's public instance, as the field's own client package brings it along: no network. */
export function publicGoodRoot(): Bytes {
  return parseBase64(seeds["https://tuf-repo-cdn.sigstore.dev"].targets["trusted_root.json"]);
}
