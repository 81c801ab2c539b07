import { revisionOf } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import { concatBytes, digestOf, formatInstant, utf8 } from "custody/ground";
import type { Bytes, Crypto, Digest, TimeRange } from "custody/ground";
import { formatVerifierKey } from "custody/note";

import type { TrustReport } from "./messages.ts";
import type { TrustedParty } from "./trust-changes.ts";

/** A trusted root in a few words: what it is by, and whom it names. */
export function describeTrust(crypto: Pick<Crypto, "sha256">, root: TrustedRoot): TrustReport {
  const digest = (...parts: readonly Bytes[]): Digest => digestOf(crypto, concatBytes(...parts));
  const parties = partiesOf(root, digest);
  const namesOf = (role: TrustedParty["role"]): string[] =>
    parties.filter((one) => one.role === role).map(({ name }) => name);
  return {
    kind: "trust",
    revision: revisionOf(digest, root),
    authorities: namesOf("certificates by"),
    logs: namesOf("log"),
    timestampAuthorities: namesOf("timestamps by"),
    witnesses: namesOf("witness"),
    parties,
  };
}

type HashParts = (...parts: readonly Bytes[]) => Digest;

function partiesOf(root: TrustedRoot, digest: HashParts): readonly TrustedParty[] {
  const { authorities, logs, certificateLogs, timestampAuthorities, witnesses } = root;
  return [
    ...authorities.map(({ uri, chain, validFor }) => ({
      role: "certificates by" as const,
      name: chain.at(-1)?.uris[0] ?? uri,
      fingerprint: digest(...chain.map(({ der }) => der)),
      period: periodOf(validFor),
    })),
    ...logsOf("log", logs, digest),
    ...logsOf("log of certificates", certificateLogs, digest),
    ...timestampAuthorities.map(({ uri, chain, validFor }) => ({
      role: "timestamps by" as const,
      name: uri,
      fingerprint: digest(...chain.map(({ der }) => der)),
      period: periodOf(validFor),
    })),
    ...witnessesOf(witnesses, digest),
  ];
}

function logsOf(
  role: "log" | "log of certificates",
  logs: TrustedRoot["logs"],
  digest: HashParts,
): readonly TrustedParty[] {
  return logs.map(({ origin, publicKey, validFor }) => ({
    role,
    name: origin,
    fingerprint: digest(publicKey.spki),
    period: periodOf(validFor),
  }));
}

// The rule that binds them is a party of its own: with another quorum the same witnesses say less.
function witnessesOf(demand: TrustedRoot["witnesses"], digest: HashParts): readonly TrustedParty[] {
  if (!demand) return [];
  const { policy, text, start } = demand;
  const period = start === undefined ? "" : periodOf({ start });
  return [
    ...policy.witnesses.map(({ name, key }) => ({
      role: "witness" as const,
      name,
      fingerprint: digest(utf8(formatVerifierKey(key))),
      period: "",
    })),
    {
      role: "rule of the witnesses",
      name: `quorum ${policy.quorum ?? "none"}`,
      fingerprint: digest(utf8(text)),
      period,
    },
  ];
}

function periodOf({ start, end }: TimeRange): string {
  const from = `from ${formatInstant(start)}`;
  return end === undefined ? from : `${from} until ${formatInstant(end)}`;
}
