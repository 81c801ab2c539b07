import { verifyTimestamp } from "custody/evidence";
import type { Bytes, Instant } from "custody/ground";
import { equalBytes } from "custody/ground";

import type { Check } from "./check.ts";
import type { LoggedEntry } from "./inclusion.ts";
import type { RootTimestampAuthority } from "./trusted-root.ts";
import { attemptAsync } from "./reasons.ts";

/** A time at which someone trusted saw the signature. */
export interface SignedTime {
  readonly time: Instant;
  /** Who counts as one with others of the same name. */
  readonly source: string;
}

/**
 * Demands that each RFC 3161 timestamp is over the signature and by a trusted authority: one that cannot be verified is
 * not passed over, since it is there to be believed.
 */
export async function verifyTimestamps(
  check: Check,
  timestamps: readonly Bytes[],
  signature: Bytes,
): Promise<SignedTime[]> {
  const times: SignedTime[] = [];
  for (const [i, token] of timestamps.entries()) {
    check.demand(
      !timestamps.slice(0, i).some((earlier) => equalBytes(earlier, token)),
      "sigstore/timestamp-repeated",
      "a timestamp stands twice in the bundle",
    );
    const found = await findTime(check, token, signature);
    check.demand(
      found !== undefined,
      "sigstore/timestamp-invalid",
      "no trusted authority vouches for the signature's timestamp",
    );
    if (found) times.push(found);
  }
  return times;
}

async function findTime(check: Check, token: Bytes, signature: Bytes): Promise<SignedTime | undefined> {
  for (const authority of check.root.timestampAuthorities) {
    const time = await timeBy(check, authority, token, signature);
    if (time !== undefined) return { time, source: `timestamp ${authority.operator}` };
  }
  return undefined;
}

async function timeBy(
  { crypto, issuance }: Check,
  authority: RootTimestampAuthority,
  token: Bytes,
  signature: Bytes,
): Promise<Instant | undefined> {
  return attemptAsync(() =>
    verifyTimestamp(crypto, token, signature, { authorities: [authority], issuance }),
  );
}

/** All signed times: those of authorities, and those that logs promised. Demands as many sources as the policy wants. */
export function demandTimes(
  check: Check,
  stamped: readonly SignedTime[],
  logged: readonly LoggedEntry[],
  wanted: number,
): Instant[] {
  const promised = logged.flatMap(({ log, integratedTime }) =>
    integratedTime === undefined ? [] : [{ time: integratedTime, source: `log ${log?.operator ?? ""}` }],
  );
  const times = [...stamped, ...promised];
  const sources = new Set(times.map(({ source }) => source)).size;
  check.demand(
    sources >= wanted,
    "sigstore/time-threshold",
    `${sources} trusted sources say when it was signed, ${wanted} must`,
  );
  return times.map(({ time }) => time);
}
