import type { Bytes, Crypto, Instant, Json } from "custody/ground";
import { CustodyError, toHex } from "custody/ground";
import { computeInclusionRoot, inclusionPath, leafHash } from "custody/merkle";

import type { BundleLogEntry } from "./bundle.ts";
import { parseBundle } from "./bundle.ts";
import type { Certificate } from "./certificate.ts";
import { findIssuingAuthorities } from "./certificate-path.ts";
import { bundleChecks } from "./bundle-checks.ts";
import type { BundleCheck } from "./bundle-checks.ts";
import { Examination } from "./examination.ts";
import { explainSignatures } from "./explain-signatures.ts";
import type { ShownSignature } from "./explain-signatures.ts";
import { Issuance } from "./issuance.ts";
import type { ResourceDescriptor } from "./statement.ts";
import { inTotoPayloadType, parseStatement } from "./statement.ts";
import { renderStatement } from "./render-statement.ts";
import type { TrustedRoot } from "./trusted-root.ts";
import { examineBundle } from "./verify-bundle.ts";

/** One check of a bundle, made by itself: whether it holds, and what it says when it does not. */
export interface ExplainedCheck {
  readonly code: BundleCheck;
  /** What is so when the check holds. */
  readonly says: string;
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
  /** SHA-256 of the payload, in hexadecimal: what a withdrawal names. */
  readonly payload: string;
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

const codes = Object.keys(bundleChecks) as readonly BundleCheck[];

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
  const checks: ExplainedCheck[] = [];
  for (const code of codes) checks.push(await checkAlone(crypto, { bytes, code }, root));
  const [authority] = await findIssuingAuthorities(crypto, certificate, root.authorities, new Issuance());
  const [entry] = logEntries;
  return {
    kind: "explained",
    payload: toHex(crypto.sha256(envelope.payload)),
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
  readonly code: BundleCheck;
}

async function checkAlone(
  crypto: Crypto,
  { bytes, code }: OneCheck,
  root: TrustedRoot,
): Promise<ExplainedCheck> {
  const examination = new Examination(codes.filter((other) => other !== code));
  const examined = await examineBundle(crypto, bytes, root, examination);
  const says = bundleChecks[code];
  return examined.kind === "verified"
    ? { code, says, holds: true, message: undefined }
    : { code, says, holds: false, message: examined.reason.message };
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
    signatures: await explainSignatures(crypto, proof.checkpoint, { log, root }),
  };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
