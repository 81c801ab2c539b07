import type { Bytes, Crypto, Instant, Json } from "custody/ground";
import { CustodyError, toHex } from "custody/ground";
import { computeInclusionRoot, inclusionPath, leafHash } from "custody/merkle";
import type { VerifierKey } from "custody/note";
import { parseNote, verifierKeyOf, verifyNote } from "custody/note";

import type { BundleLogEntry } from "./bundle.ts";
import { parseBundle } from "./bundle.ts";
import type { Certificate } from "./certificate.ts";
import { findIssuingAuthorities } from "./certificate-path.ts";
import { Examination, refusalCodes } from "./examination.ts";
import type { RefusalCode } from "./examination.ts";
import { Issuance } from "./issuance.ts";
import type { ResourceDescriptor } from "./statement.ts";
import { inTotoPayloadType, parseStatement } from "./statement.ts";
import { renderStatement } from "./render-statement.ts";
import type { TrustedLog, TrustedRoot } from "./trusted-root.ts";
import { examineBundle } from "./verify-bundle.ts";

/** One check of a bundle, made by itself: whether it holds, and what it says when it does not. */
export interface ExplainedCheck {
  readonly code: RefusalCode;
  readonly holds: boolean;
  readonly message: string | undefined;
}

/** A certificate for somebody who reads it. */
export interface ShownCertificate {
  readonly names: readonly string[];
  readonly issuer: string | undefined;
  readonly start: Instant;
  readonly end: Instant | undefined;
  /** `algorithm-curve-hash` */
  readonly key: string;
  readonly serial: string;
}

/** A line of a checkpoint's signatures: whose it is, and whether it was made with the key that is trusted in that name. */
export interface ShownSignature {
  readonly name: string;
  readonly keyId: string;
  readonly role: "log" | "witness" | "unknown";
  readonly holds: boolean;
  readonly time?: Instant | undefined;
}

/** How a bundle stands in a log, worked out from its own bytes; hashes in hexadecimal. */
export interface ShownInclusion {
  readonly origin: string | undefined;
  readonly index: number;
  readonly treeSize: number;
  readonly leafHash: string;
  readonly path: readonly {
    readonly sibling: string;
    readonly side: "left" | "right";
    readonly result: string;
  }[];
  /** What the path leads to; undefined when it leads nowhere. */
  readonly computedRoot: string | undefined;
  readonly claimedRoot: string;
  readonly checkpoint: string;
  readonly signatures: readonly ShownSignature[];
}

/** A bundle with all that can be checked of it, each check by itself. What decides is {@link examineBundle}. */
export interface ExplainedBundle {
  readonly kind: "explained";
  readonly checks: readonly ExplainedCheck[];
  readonly identity: string | undefined;
  readonly rendering: string;
  readonly predicateType: string;
  readonly subject: readonly ResourceDescriptor[];
  readonly predicate: Json;
  /** The signer's first, then those of the authority that issued it, up to its root; the signer's alone where nobody did. */
  readonly certificates: readonly ShownCertificate[];
  readonly inclusion: ShownInclusion | undefined;
}

/** The checks of a single bundle, in the order in which they are made. */
const bundleCodes: readonly RefusalCode[] = refusalCodes.slice(
  0,
  refusalCodes.indexOf("evidence/cosignature-time") + 1,
);
const notOfOneBundle = new Set<RefusalCode>(["evidence/log-forked"]);

/**
 * Explains a bundle: what it says, who signed it, and each check with all others off.
 *
 * @throws CustodyError for bytes that cannot be read, as {@link parseBundle}.
 */
export async function explainBundle(
  crypto: Crypto,
  bytes: Bytes,
  root: TrustedRoot,
): Promise<ExplainedBundle> {
  const { certificate, envelope, logEntries } = parseBundle(bytes);
  if (envelope.payloadType !== inTotoPayloadType)
    throw new CustodyError("evidence/statement", `the payload type is not ${inTotoPayloadType}`);
  const statement = parseStatement(envelope.payload);
  const codes = bundleCodes.filter((code) => !notOfOneBundle.has(code));
  const checks: ExplainedCheck[] = [];
  for (const code of codes) checks.push(await checkAlone(crypto, { bytes, code, codes }, root));
  const [authority] = await findIssuingAuthorities(crypto, certificate, root.authorities, new Issuance());
  const [entry] = logEntries;
  return {
    kind: "explained",
    checks,
    identity: certificate.uris[0],
    rendering: renderStatement(statement),
    predicateType: statement.predicateType,
    subject: statement.subject,
    predicate: statement.predicate,
    certificates: [certificate, ...(authority?.chain ?? [])].map(showCertificate),
    inclusion: entry && (await showInclusion(crypto, entry, root)),
  };
}

interface OneCheck {
  readonly bytes: Bytes;
  readonly code: RefusalCode;
  readonly codes: readonly RefusalCode[];
}

async function checkAlone(
  crypto: Crypto,
  { bytes, code, codes }: OneCheck,
  root: TrustedRoot,
): Promise<ExplainedCheck> {
  const examination = new Examination(codes.filter((other) => other !== code));
  const examined = await examineBundle(crypto, bytes, root, examination);
  return examined.kind === "verified"
    ? { code, holds: true, message: undefined }
    : { code, holds: false, message: examined.reason.message };
}

function showCertificate(certificate: Certificate): ShownCertificate {
  const { uris, otherNames, oidcIssuer, validity, publicKey, serialNumber } = certificate;
  return {
    names: [...uris, ...otherNames.map(String)],
    issuer: oidcIssuer,
    start: validity.start,
    end: validity.end,
    key: publicKey.scheme,
    serial: toHex(serialNumber),
  };
}

async function showInclusion(
  crypto: Crypto,
  entry: BundleLogEntry,
  root: TrustedRoot,
): Promise<ShownInclusion> {
  const { index, canonicalizedBody, proof } = entry;
  const leaf = leafHash(crypto, canonicalizedBody);
  const claim = { index, treeSize: proof.treeSize, leafHash: leaf, hashes: proof.hashes };
  const walked = attempt(() => ({
    path: inclusionPath(crypto, claim),
    root: computeInclusionRoot(crypto, claim),
  }));
  const log = root.logs.find(({ logId }) => toHex(logId) === toHex(entry.logId));
  return {
    origin: log?.origin,
    index,
    treeSize: proof.treeSize,
    leafHash: toHex(leaf),
    path: (walked?.path ?? []).map(({ sibling, side, result }) => ({
      sibling: toHex(sibling),
      side,
      result: toHex(result),
    })),
    computedRoot: walked && toHex(walked.root),
    claimedRoot: toHex(proof.rootHash),
    checkpoint: proof.checkpoint,
    signatures: await showSignatures(crypto, proof.checkpoint, { log, root }),
  };
}

interface KnownKeys {
  readonly log: TrustedLog | undefined;
  readonly root: TrustedRoot;
}

async function showSignatures(
  crypto: Crypto,
  note: string,
  { log, root }: KnownKeys,
): Promise<readonly ShownSignature[]> {
  const parsed = attempt(() => parseNote(note));
  const type = log?.publicKey.scheme === "ed25519" ? "ed25519" : "ecdsa";
  const logKey = log && verifierKeyOf(crypto, log.origin, type, log.publicKey);
  const witnesses = root.witnesses?.policy.witnesses ?? [];
  const shown: ShownSignature[] = [];
  for (const { name, keyId } of parsed?.signatures ?? []) {
    const isKey = (key: VerifierKey): boolean => key.name === name && key.keyId === keyId;
    const key = [logKey, ...witnesses.map((one) => one.key)].find((known) => known && isKey(known));
    const role = key === undefined ? "unknown" : key === logKey ? "log" : "witness";
    const signer = key && (await findSigner(crypto, note, key));
    shown.push({ name, keyId, role, holds: !!signer, time: signer?.time });
  }
  return shown;
}

async function findSigner(
  crypto: Crypto,
  note: string,
  key: VerifierKey,
): Promise<{ readonly time?: Instant } | undefined> {
  try {
    return (await verifyNote(crypto, note, [key])).signers[0];
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
