import type { Digest } from "custody/ground";

import type { ControlPorts } from "./context.ts";
import type { AttestationRecord } from "./ports.ts";

/** The attestations that a delivery has made so far, in the order in which it made them. */
export async function findOwn(
  { attestations }: Pick<ControlPorts, "attestations">,
  digests: readonly Digest[],
): Promise<AttestationRecord[]> {
  const records = await Promise.all(digests.map((digest) => attestations.find(digest)));
  return records.filter((record) => record !== undefined);
}
