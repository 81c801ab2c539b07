import { logEntryOf } from "custody/authority";
import type { Bundle, Statement } from "custody/evidence";
import { formatBundle, formatDsseEntry, parseBundle, provenance, testResult } from "custody/evidence";
import { concatBytes, CustodyError, instantOf, parseDigest, utf8 } from "custody/ground";
import type { Bytes, Crypto, Json, Verdict } from "custody/ground";
import { leafHash, nodeHash } from "custody/merkle";
import { formatCheckpoint, signNote } from "custody/note";
import { identitiesOf } from "custody/policy";
import type { SpiffeId } from "custody/spiffe";
import { parseSpiffeId } from "custody/spiffe";

import type { ChainScene, Drill } from "./drill.ts";
import {
  ask,
  exchange,
  getBundle,
  resign,
  sealWithOldCertificate,
  sealWithOtherPurpose,
  sealWithOwnAuthority,
} from "./forge.ts";

/** Attacks on the evidence itself: who signed, when, over what, and whether the log saw it. */
export const evidenceDrills: readonly Drill<ChainScene>[] = [
  wrongIdentity("a signature by an identity that begins like the right one", (id) => id.slice(0, -1)),
  wrongIdentity("a signature by an identity that goes on behind the right one", (id) => `${id}/extra`),
  wrongIdentity("a signature by the trust domain itself, with an empty path", (id) =>
    id.split("/", 3).join("/"),
  ),
  wrongIdentity("a signature by an identity that would match as a pattern", (id) => id.replace(/.$/, ".")),
  {
    name: "a certificate used after its ten minutes",
    code: "evidence/certificate-window",
    attempt: (scene, without) =>
      withBundle(scene, without, async (_, statement) =>
        sealWithOldCertificate(scene, packageIdOf(scene), statement),
      ),
  },
  {
    name: "a certificate from an authority of the attacker's own, with the same names",
    code: "evidence/certificate-untrusted",
    attempt: (scene, without) =>
      withBundle(scene, without, async (_, statement) =>
        sealWithOwnAuthority(scene, packageIdOf(scene), statement),
      ),
  },
  {
    name: "a certificate of the real authority that is for another purpose",
    code: "evidence/certificate-purpose",
    attempt: (scene, without) =>
      withBundle(scene, without, async (_, statement) =>
        sealWithOtherPurpose(scene, packageIdOf(scene), statement),
      ),
  },
  {
    name: "a payload changed after it was signed, and logged again",
    code: "evidence/signature-invalid",
    attempt: (scene, without) => withBundle(scene, without, (bundle) => alterPayload(scene, bundle)),
  },
  {
    name: "a bundle without a timestamp",
    code: "evidence/timestamp-missing",
    attempt: (scene, without) =>
      withBundle(scene, without, (bundle) => formatBundle({ ...bundle, timestamps: [] })),
  },
  {
    name: "the timestamp of another signature",
    code: "evidence/timestamp-invalid",
    attempt: (scene, without) =>
      withBundle(scene, without, async (bundle) =>
        formatBundle({ ...bundle, timestamps: (await getOther(scene)).timestamps }),
      ),
  },
  {
    name: "a bundle without a log entry",
    code: "evidence/log-entry-missing",
    attempt: (scene, without) =>
      withBundle(scene, without, (bundle) => formatBundle({ ...bundle, logEntries: [] })),
  },
  {
    name: "the log entry of another bundle",
    code: "evidence/log-entry-mismatch",
    attempt: (scene, without) =>
      withBundle(scene, without, async (bundle) =>
        formatBundle({ ...bundle, logEntries: (await getOther(scene)).logEntries }),
      ),
  },
  {
    name: "an inclusion proof with a hash changed",
    code: "evidence/log-proof-invalid",
    attempt: (scene, without) => withBundle(scene, without, (bundle) => formatBundle(breakProof(bundle))),
  },
  {
    name: "a checkpoint signed by a log of the attacker's own",
    code: "evidence/log-untrusted",
    attempt: (scene, without) => withBundle(scene, without, (bundle) => withOwnLog(scene, bundle)),
  },
  {
    name: "a log entry from after the log's key was retired",
    code: "evidence/log-window",
    attempt: (scene, without) => ask(withRetiredLog(scene), scene.question, without),
  },
  {
    name: "a forked log: the log's own key signs a second tree of one size",
    code: "evidence/log-forked",
    attempt: async (scene, without) => {
      const { treeSize } = proofOf(await getOther(scene));
      return withBundle(scene, without, (bundle) => withForkedTree(scene, bundle, treeSize));
    },
  },
  {
    name: "valid provenance under another predicate type",
    code: "evidence/predicate-type",
    attempt: async (scene, without) => {
      const change = (statement: Statement): Statement => ({
        ...statement,
        predicateType: testResult.predicateType,
      });
      return ask(scene, await resign(scene, packageIdOf(scene), change), without);
    },
  },
  {
    name: "provenance that vouches for another digest",
    code: "evidence/subject-mismatch",
    attempt: (scene, without) =>
      ask(scene, { ...scene.question, image: parseDigest(`sha256:${"e".repeat(64)}`) }, without),
  },
  {
    name: "a step that ran with a protection off",
    code: "evidence/isolation-weakened",
    attempt: async (scene, without) => {
      const question = await resign(scene, packageIdOf(scene), (statement) => ({
        ...statement,
        predicate: weaken(provenance.parse(statement.predicate)),
      }));
      return ask(scene, question, without);
    },
  },
];

function packageIdOf({ authorities, question }: ChainScene): SpiffeId {
  return identitiesOf(authorities.trustDomain).package(question.policy.repository);
}

function wrongIdentity(name: string, change: (id: string) => string): Drill<ChainScene> {
  return {
    name,
    code: "evidence/identity-mismatch",
    attempt: async (scene, without) => {
      const id = packageIdOf(scene);
      return ask(
        scene,
        await resign(scene, id, (statement) => statement, parseSpiffeId(change(id))),
        without,
      );
    },
  };
}

async function withBundle(
  scene: ChainScene,
  without: readonly string[],
  forge: (bundle: Bundle, statement: Statement) => Bytes | Promise<Bytes>,
): Promise<Verdict<unknown>> {
  const { bytes, verified } = await getBundle(scene, packageIdOf(scene));
  return ask(scene, exchange(scene, bytes, [await forge(parseBundle(bytes), verified.statement)]), without);
}

async function getOther(scene: ChainScene): Promise<Bundle> {
  const ids = identitiesOf(scene.authorities.trustDomain);
  return parseBundle((await getBundle(scene, ids.publish(scene.question.policy.repository))).bytes);
}

// The statement keeps its meaning (a line feed more), so that nothing but the signature is wrong.
async function alterPayload({ ports, authorities }: ChainScene, bundle: Bundle): Promise<Bytes> {
  const envelope = { ...bundle.envelope, payload: concatBytes(bundle.envelope.payload, utf8("\n")) };
  const appended = await ports.log.append(formatDsseEntry(ports.crypto, envelope, bundle.certificate));
  return formatBundle({ ...bundle, envelope, logEntries: [logEntryOf(authorities.trustedRoot, appended)] });
}

function breakProof(bundle: Bundle): Bundle {
  const logEntries = bundle.logEntries.map((entry) => {
    const [first = new Uint8Array(32), ...rest] = entry.proof.hashes;
    const broken = first.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    return { ...entry, proof: { ...entry.proof, hashes: [broken, ...rest] } };
  });
  return { ...bundle, logEntries };
}

async function withOwnLog({ ports }: ChainScene, bundle: Bundle): Promise<Bytes> {
  const signer = await ports.keys.generate();
  const logEntries = bundle.logEntries.map(async (entry) => {
    const { treeSize: size, rootHash, checkpoint } = entry.proof;
    const origin = checkpoint.split("\n", 1)[0] ?? "";
    const text = formatCheckpoint({ origin, size, rootHash, extensions: [] });
    return {
      ...entry,
      proof: { ...entry.proof, checkpoint: await signNote(ports.crypto, origin, signer, text) },
    };
  });
  return formatBundle({ ...bundle, logEntries: await Promise.all(logEntries) });
}

function proofOf({ logEntries }: Bundle): Bundle["logEntries"][number]["proof"] {
  const [entry] = logEntries;
  if (!entry) throw new CustodyError("assurance/scene", "the scene's bundle has no log entry");
  return entry.proof;
}

// A tree with the bundle's entry at 0 and noise behind it, signed as if it were the log's.
async function withForkedTree(
  { ports, logSigner }: ChainScene,
  bundle: Bundle,
  size: number,
): Promise<Bytes> {
  const logEntries = bundle.logEntries.map(async (entry) => {
    const own = leafHash(ports.crypto, entry.canonicalizedBody);
    const noise = Array.from({ length: size - 1 }, () => ports.random.bytes(32));
    const { rootHash, hashes } = firstLeafProof(ports.crypto, [own, ...noise]);
    const origin = entry.proof.checkpoint.split("\n", 1)[0] ?? "";
    const text = formatCheckpoint({ origin, size, rootHash, extensions: [] });
    const checkpoint = await signNote(ports.crypto, origin, logSigner, text);
    return { ...entry, index: 0, proof: { index: 0, treeSize: size, rootHash, hashes, checkpoint } };
  });
  return formatBundle({ ...bundle, logEntries: await Promise.all(logEntries) });
}

// RFC 6962 §2.1 by its definition: the root, and the audit path of leaf 0.
function firstLeafProof(
  hasher: Pick<Crypto, "sha256">,
  leaves: readonly Bytes[],
): { rootHash: Bytes; hashes: Bytes[] } {
  const [first = new Uint8Array(32)] = leaves;
  if (leaves.length <= 1) return { rootHash: first, hashes: [] };
  const k = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  const left = firstLeafProof(hasher, leaves.slice(0, k));
  const right = firstLeafProof(hasher, leaves.slice(k)).rootHash;
  return { rootHash: nodeHash(hasher, left.rootHash, right), hashes: [...left.hashes, right] };
}

function withRetiredLog(scene: ChainScene): ChainScene {
  const { trustedRoot } = scene.authorities;
  const long = { start: instantOf(0), end: instantOf(1) };
  const logs = trustedRoot.logs.map((log) => ({ ...log, validFor: long }));
  return { ...scene, authorities: { ...scene.authorities, trustedRoot: { ...trustedRoot, logs } } };
}

function weaken(predicate: object): Json {
  return { ...predicate, custody_isolation: { level: "L3", without: ["network"] } };
}
