import type { RepositoryPolicy, SignedCommit, Statement } from "custody/evidence";
import { Examination, policyRevisionOf, source, verifyCommit } from "custody/evidence";
import { parsePipeline } from "custody/factory";
import type { Bytes, Digest, Instant } from "custody/ground";
import { concatBytes, digestOf, formatInstant, hexOf, instantOf, parseUtf8, toBase64 } from "custody/ground";
import { artifactNames, verificationOf } from "custody/policy";
import type { GateFacts } from "custody/policy";
import { writeTar } from "custody/tar";
import type { TreeEntry } from "custody/tar";

import { recordOf } from "../attestation-record.ts";
import type { HandOffContext, HandOffResult } from "../context.ts";
import { endWith } from "../context.ts";
import { exportTree } from "../export-tree.ts";
import { getPolicyInForce } from "../policy-in-force.ts";
import type { AttestationRecord } from "../ports.ts";
import { askGate } from "./ask-gate.ts";
import { verifiedSourceFacts } from "./gate-facts.ts";

const pipelineFile = "custody.yaml";
const lockFile = "custody.lock";
const maxTextBytes = 4 * 1024 * 1024;
const maxArchiveBytes = 2 * 1024 * 1024 * 1024;

/**
 * Commit → source: the developer's signature is checked on the raw object, the tree is exported from that very commit,
 * and who, which commit and which policy revision are attested.
 */
export async function handOverSource(context: HandOffContext): Promise<HandOffResult> {
  const { ports, delivery } = context;
  const { repository, commit: id, ref } = delivery;
  const isKnown = (await ports.policies.findPolicy(repository)) !== undefined;
  if (!isKnown)
    return refuse("source/no-policy", repository, "the repository has no policy: nobody may sign for it");
  const policy = await getPolicyInForce(ports, repository);
  const object = await ports.sources.readObject(repository, id, "commit");
  const earlier = await findEarlier(context);
  const firstSeen = earlier?.signedAt ?? wholeSecond(ports.clock.now());
  const verdict = await verifyCommit(ports.crypto, { id, object, firstSeen }, policy, new Examination());
  const facts: GateFacts<"source"> = {
    at: formatInstant(ports.clock.now()),
    repository,
    ref,
    commit: { id },
    firstSeen: formatInstant(firstSeen),
    verification: verificationOf(verdict),
  };
  if (verdict.kind !== "allowed") {
    return (await askGate(ports, "source", facts, policy)) ?? endWith(verdict.kind, verdict.reasons);
  }
  const { commit, signer } = verdict.facts;
  context.say(`${signer.name} (${signer.fingerprint}) signed "${commit.subject}"`);
  const entries = await exportTree(
    (oid, type) => ports.sources.readObject(repository, oid, type),
    commit.tree,
  );
  const pipeline = await findText(entries, pipelineFile);
  const lock = await findText(entries, lockFile);
  if (pipeline === undefined) return refuse("source/no-pipeline", id, `the commit has no ${pipelineFile}`);
  const read = verifiedSourceFacts(id, verdict.facts, parsePipeline(pipeline));
  const end = await askGate(ports, "source", { ...facts, ...read }, policy);
  if (end) return end;
  const tree = await ports.blobs.write(writeTar(entries), { maxBytes: maxArchiveBytes });
  const attestation =
    earlier && hasProduct(earlier, tree.digest)
      ? earlier
      : await attestSource(context, { policy, object, signed: verdict.facts, tree: tree.digest });
  return {
    phase: "stemcells",
    learnt: { pipeline, source: tree.digest, ...(lock === undefined ? {} : { lock }) },
    attestations: [attestation],
  };
}

// As the timestamp will say it: both looks at the commit, now and at the gate, compare the same instant.
function wholeSecond(instant: Instant): Instant {
  return instantOf(Math.floor(instant / 1000) * 1000);
}

function refuse(code: string, subject: string, message: string): HandOffResult {
  return endWith("refused", [{ code, subject, message }]);
}

// The log saw the commit when its first source attestation was made; later deliveries of it do not make it younger.
async function findEarlier({ ports, delivery }: HandOffContext): Promise<AttestationRecord | undefined> {
  const own = ports.identities.source(delivery.repository);
  const records = await ports.attestations.findByArtifacts([`gitCommit:${delivery.commit}`]);
  return records.find(
    ({ predicateType, identity }) => predicateType === source.predicateType && identity === own,
  );
}

async function findText(entries: readonly TreeEntry[], name: string): Promise<string | undefined> {
  const entry = entries.find(({ path }) => path === name);
  if (entry?.kind !== "file" || entry.sizeBytes > maxTextBytes) return undefined;
  const parts: Uint8Array[] = [];
  for await (const part of entry.content()) parts.push(part);
  return parseUtf8(concatBytes(...parts));
}

function hasProduct({ products }: AttestationRecord, digest: Digest): boolean {
  return products.some((product) => product.digest["sha256"] === hexOf(digest));
}

interface SourceEvidence {
  readonly policy: RepositoryPolicy;
  readonly object: Bytes;
  readonly signed: SignedCommit;
  readonly tree: Digest;
}

async function attestSource(
  { ports, delivery }: HandOffContext,
  { policy, object, signed, tree }: SourceEvidence,
): Promise<AttestationRecord> {
  const { repository, commit: id, ref } = delivery;
  const revision = policyRevisionOf((bytes) => digestOf(ports.crypto, bytes), policy);
  const statement: Statement = {
    subject: [
      { name: artifactNames.source, digest: { sha256: hexOf(tree) } },
      { name: "commit", digest: { gitCommit: id } },
    ],
    predicateType: source.predicateType,
    predicate: {
      repository,
      ref,
      commit: { id, object: toBase64(object) },
      signer: signed.signer,
      policy: { revision },
    },
  };
  return recordOf(await ports.attest(ports.identities.source(repository), statement));
}
