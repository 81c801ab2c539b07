import type {
  ChainExplanation,
  ExaminedBundle,
  RepositoryPolicy,
  TrustedRoot,
  VerifiedBundle,
  VerifiedChain,
} from "custody/evidence";
import {
  Examination,
  examineBundle,
  examineBundles,
  explainChain,
  policy as policyType,
  policyRevisionOf,
  revisionOf,
} from "custody/evidence";
import type { Bytes, Digest, Instant, Verdict } from "custody/ground";
import {
  canonicalJson,
  concatBytes,
  CustodyError,
  digestOf,
  isDigest,
  parseDigest,
  parseJson,
  refused,
  undecided,
} from "custody/ground";
import type { TrustDomain } from "custody/spiffe";
import { parseSpiffeId, trustDomainOf } from "custody/spiffe";
import type { TreeEntry } from "custody/tar";
import { readTar, writeTar } from "custody/tar";
import * as v from "valibot";

import { judgeAdmission } from "./admission.ts";
import { judgeAdmissible } from "./gate.ts";
import type { GatePorts } from "./gate.ts";
import { identitiesOf } from "./identities.ts";

/** A whole chain in one file: enough to verify it with a trusted root, no server and no network. */
export interface ChainArchive {
  readonly image: Digest;
  readonly repository: string;
  /** The attestation of the policy revision that the gate decided under. */
  readonly policy: Bytes;
  readonly bundles: readonly Bytes[];
}

/** A verified archive: the chain, the policy it was held to, and the gate's own decision about it. */
export interface VerifiedArchive extends VerifiedChain {
  readonly policyRevision: Digest;
  readonly admission: Digest | undefined;
}

const indexName = "chain.json";
const policyName = "policy.sigstore.json";
const folder = "attestations";
const maxEntries = 512;
const maxEntryBytes = 4 * 1024 * 1024;
const maxArchiveBytes = 64 * 1024 * 1024;
const bundlePattern = /^attestations\/[0-9]{3}\.sigstore\.json$/;

const indexShape = v.strictObject({
  version: v.literal(1),
  image: v.pipe(v.string(), v.check(isDigest, "not a sha256 digest")),
  repository: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
});

/** The archive as a tar stream; the same chain is the same bytes. */
export function writeChainArchive({
  image,
  repository,
  policy,
  bundles,
}: ChainArchive): AsyncIterable<Bytes> {
  const files = [
    fileEntry(indexName, canonicalJson({ version: 1, image, repository })),
    fileEntry(policyName, policy),
    ...bundles.map((bytes, i) => fileEntry(`${folder}/${String(i).padStart(3, "0")}.sigstore.json`, bytes)),
  ];
  return writeTar(files);
}

function fileEntry(path: string, content: Bytes): TreeEntry {
  return {
    kind: "file",
    path,
    mode: 0o644,
    sizeBytes: content.length,
    content: async function* () {
      yield content;
    },
  };
}

/**
 * Reads an archive from anyone's hands: strict, bounded, whole or not at all.
 *
 * @throws CustodyError `chain/archive`, `tar/…`, `json/…`.
 */
export async function readChainArchive(stream: AsyncIterable<Uint8Array>): Promise<ChainArchive> {
  const files = new Map<string, Bytes>();
  const limits = { entries: maxEntries, fileBytes: maxEntryBytes, totalBytes: maxArchiveBytes };
  for await (const entry of readTar(stream, limits)) {
    if (entry.kind === "file" && isMember(entry.path))
      files.set(entry.path, await readContent(entry.content()));
    else if (entry.kind !== "directory") throw archiveFault(`${entry.path} is no part of one`);
  }
  const index = v.safeParse(indexShape, parseJson(getFile(files, indexName)));
  if (!index.success) throw archiveFault(`${indexName}: ${index.issues[0].message}`);
  const bundles = [...files].flatMap(([path, content]) => (path.startsWith(`${folder}/`) ? [content] : []));
  const { image, repository } = index.output;
  return { image: parseDigest(image), repository, policy: getFile(files, policyName), bundles };
}

function isMember(path: string): boolean {
  return path === indexName || path === policyName || bundlePattern.test(path);
}

async function readContent(content: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return concatBytes(...parts);
}

function getFile(files: ReadonlyMap<string, Bytes>, name: string): Bytes {
  const content = files.get(name);
  if (!content) throw archiveFault(`${name} is missing`);
  return content;
}

/** An archive as it was verified, part for part: for somebody who wants to see what there is, and what there is not. */
export interface ExplainedArchive {
  /** The answer; the rest decides nothing. */
  readonly verdict: Verdict<VerifiedArchive>;
  readonly policyBundle: ExaminedBundle;
  /** The rest is there when the policy counts. */
  readonly policy?: RepositoryPolicy;
  readonly policyRevision?: Digest;
  readonly chain?: ChainExplanation;
  /** What the gate decided about the image, if its decision counts. */
  readonly admission?: Verdict<VerifiedBundle | undefined>;
  /** In the archive's order. */
  readonly examined: readonly ExaminedBundle[];
}

/**
 * Verifies an archive with nothing but a trusted root: the policy's own attestation, then the whole chain against it,
 * then the gate's decision. What the archive says of itself decides nothing.
 */
export async function verifyChainArchive(
  ports: GatePorts,
  root: TrustedRoot,
  archive: ChainArchive,
  at: Instant,
): Promise<Verdict<VerifiedArchive>> {
  return (await explainChainArchive(ports, root, archive, at)).verdict;
}

/** As {@link verifyChainArchive}, with all that was found on the way. */
export async function explainChainArchive(
  { crypto, gates }: GatePorts,
  root: TrustedRoot,
  archive: ChainArchive,
  at: Instant,
): Promise<ExplainedArchive> {
  const examination = new Examination();
  const policyBundle = await examineBundle(crypto, archive.policy, root, examination);
  const examined = await examineBundles(crypto, archive.bundles, root, examination);
  const set = findPolicy(policyBundle, archive, root);
  if (set.kind !== "allowed") return { verdict: set, policyBundle, examined };
  const { policy, trustDomain } = set.facts;
  const { image } = archive;
  const digest = (bytes: Bytes): Digest => digestOf(crypto, bytes);
  const policyRevision = policyRevisionOf(digest, policy);
  const { repository, rules = [] } = policy;
  const chain = await explainChain(crypto, { image, policy, at }, examined, examination);
  const trustRevision = revisionOf(digest, root);
  const asked = { image, repository, rules, at, policyRevision, trustRevision };
  const admissible = await judgeAdmissible(gates, asked, chain.verdict);
  const { gate } = identitiesOf(trustDomain);
  const admission = judgeAdmission({ image, gate, policyRevision }, examined, examination);
  const verdict = conclude(admissible, admission, policyRevision);
  return { verdict, policyBundle, policy, policyRevision, chain, admission, examined };
}

function conclude(
  chain: Verdict<VerifiedChain>,
  admission: Verdict<VerifiedBundle | undefined>,
  policyRevision: Digest,
): Verdict<VerifiedArchive> {
  if (chain.kind !== "allowed") return chain;
  if (admission.kind !== "allowed") return admission;
  return { kind: "allowed", facts: { ...chain.facts, policyRevision, admission: admission.facts?.digest } };
}

// The certificate authorities' own certificates carry their trust domains (SPIFFE X509-SVID §2).
function trustDomainsOf({ authorities }: TrustedRoot): TrustDomain[] {
  const uris = authorities
    .flatMap(({ chain }) => chain.at(-1)?.uris ?? [])
    .filter((uri) => uri.startsWith("spiffe://"));
  return [...new Set(uris.map((uri) => trustDomainOf(parseSpiffeId(uri))))];
}

interface FoundPolicy {
  readonly policy: RepositoryPolicy;
  /** Of whoever set it; the gate's decision must be of the same domain. */
  readonly trustDomain: TrustDomain;
}

function findPolicy(
  examined: ExaminedBundle,
  { repository, image }: ChainArchive,
  root: TrustedRoot,
): Verdict<FoundPolicy> {
  if (examined.kind === "unreadable") return undecided(examined.reason.code, image, examined.reason.message);
  if (examined.kind === "refused") return { kind: "refused", reasons: [examined.reason] };
  return readPolicy(examined.bundle, repository, trustDomainsOf(root));
}

function readPolicy(
  { identity, statement }: VerifiedBundle,
  repository: string,
  trustDomains: readonly TrustDomain[],
): Verdict<FoundPolicy> {
  const trustDomain = trustDomains.find((domain) => identitiesOf(domain).policy === identity);
  if (trustDomain === undefined) {
    return refused("evidence/identity-mismatch", repository, `"${identity}" may not set policies`);
  }
  if (statement.predicateType !== policyType.predicateType) {
    return refused("evidence/predicate-type", repository, `${statement.predicateType} is not a policy`);
  }
  const policy = policyType.parse(statement.predicate);
  return policy.repository === repository
    ? { kind: "allowed", facts: { policy, trustDomain } }
    : refused("chain/repository", repository, `the policy is of ${policy.repository}`);
}

function archiveFault(message: string): CustodyError<"chain/archive"> {
  return new CustodyError("chain/archive", `not a chain archive: ${message}`, {
    next: "make it again with `custody export IMAGE -o chain.tar`",
  });
}
