import { signEnvelope } from "custody/dsse";
import type { Bundle, Statement } from "custody/evidence";
import {
  dsseEntryKind,
  dsseEntryVersion,
  Examination,
  examineBundle,
  formatBundle,
  formatDsseEntry,
  formatStatement,
  inTotoPayloadType,
} from "custody/evidence";
import type { TrustedRoot, VerifiedBundle } from "custody/evidence";
import type { Bytes, Signer } from "custody/ground";
import { CustodyError } from "custody/ground";
import type { SpiffeId, TrustDomain } from "custody/spiffe";

import type { AuthorityPorts } from "./certificate-authority.ts";
import { issueSigningCertificate } from "./certificate-authority.ts";
import type { Issuer } from "./certificate-builder.ts";
import { stampTime } from "./timestamp-authority.ts";

/** What the attestor acts through. */
export interface AttestorPorts extends AuthorityPorts {
  readonly keys: EphemeralKeys;
  readonly log: AppendPort;
}

/** Makes keys that sign once and are forgotten; the private half never leaves the signer. */
export interface EphemeralKeys {
  generate(): Promise<Signer>;
}

/**
 * The log, as the attestor needs it: `append` answers when a signed checkpoint covers the entry and both are durable.
 * A failed append may still have been sequenced; the caller attests anew and the log then holds both.
 */
export interface AppendPort {
  append(entry: Bytes): Promise<AppendedEntry>;
}

export interface AppendedEntry {
  readonly index: number;
  readonly treeSize: number;
  readonly rootHash: Bytes;
  readonly hashes: readonly Bytes[];
  readonly checkpoint: string;
  readonly entry: Bytes;
}

/** The authorities of one trust domain and the root that trusts them. */
export interface Authorities {
  readonly trustDomain: TrustDomain;
  readonly intermediate: Issuer;
  readonly timestamp: Issuer;
  readonly trustedRoot: TrustedRoot;
}

/** An attestation as it left the attestor: its bytes, and what the verifier read in them. */
export interface IssuedAttestation {
  readonly bytes: Bytes;
  readonly bundle: VerifiedBundle;
}

/**
 * Signs a statement as an identity, without a key that lasts: fresh key, ten-minute certificate, timestamp, log entry,
 * and one Sigstore bundle that holds it all. The bundle leaves only after Custody's own verifier accepted it.
 *
 * The caller has established that it may speak for the identity.
 *
 * @throws CustodyError `authority/attestation` when the finished bundle does not verify; `log/…` when the log is down.
 */
export async function attest(
  ports: AttestorPorts,
  authorities: Authorities,
  identity: SpiffeId,
  statement: Statement,
): Promise<IssuedAttestation> {
  const bytes = await sealStatement(
    ports,
    authorities,
    await certifyFreshKey(ports, authorities, identity),
    statement,
  );
  return { bytes, bundle: await readBack(ports, authorities.trustedRoot, bytes) };
}

/** A fresh key and the certificate that says whose it is, for ten minutes. */
export async function certifyFreshKey(
  ports: AuthorityPorts & Pick<AttestorPorts, "keys">,
  { intermediate, trustDomain }: Authorities,
  identity: SpiffeId,
): Promise<Issuer> {
  const signer = await ports.keys.generate();
  const request = { identity, publicKey: signer.publicKey, issuer: `spiffe://${trustDomain}` };
  return {
    signer,
    certificate: await issueSigningCertificate(ports, { ...intermediate, trustDomain }, request),
  };
}

/** Signs, has the time stamped, logs and bundles; {@link attest} also checks what came out. */
export async function sealStatement(
  ports: AttestorPorts,
  { timestamp, trustedRoot }: Authorities,
  { signer, certificate }: Issuer,
  statement: Statement,
): Promise<Bytes> {
  const envelope = await signEnvelope(signer, inTotoPayloadType, formatStatement(statement));
  const [signature] = envelope.signatures;
  if (!signature) throw new CustodyError("authority/attestation", "the signer gave no signature");
  const stamp = await stampTime(ports, timestamp, signature.sig);
  const appended = await ports.log.append(formatDsseEntry(ports.crypto, envelope, certificate));
  const logEntries = [logEntryOf(trustedRoot, appended)];
  return formatBundle({ certificate, envelope, timestamps: [stamp], logEntries });
}

/** The log entry as bundles carry it. */
export function logEntryOf(root: TrustedRoot, appended: AppendedEntry): Bundle["logEntries"][number] {
  const { index, treeSize, rootHash, hashes, checkpoint, entry } = appended;
  const log = root.logs.find(({ origin }) => checkpoint.startsWith(`${origin}\n`));
  if (!log) throw new CustodyError("authority/attestation", "the log is not one of the trusted root's");
  return {
    logId: log.logId,
    index,
    kind: dsseEntryKind,
    version: dsseEntryVersion,
    canonicalizedBody: entry,
    proof: { index, treeSize, rootHash, hashes, checkpoint },
  };
}

async function readBack(ports: AttestorPorts, root: TrustedRoot, bytes: Bytes): Promise<VerifiedBundle> {
  const examined = await examineBundle(ports.crypto, bytes, root, new Examination());
  if (examined.kind === "verified") return examined.bundle;
  throw new CustodyError(
    "authority/attestation",
    `the new attestation does not verify: ${examined.reason.message}`,
    {
      details: { code: examined.reason.code },
      next: "check that the keys, certificates and trusted_root.json of this directory belong together",
    },
  );
}
