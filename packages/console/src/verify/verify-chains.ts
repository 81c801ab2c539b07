import { revisionOf } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import type { Crypto, Instant } from "custody/ground";
import { CustodyError, digestOf, instantOf, parseBase64, parseDigest, parseJson, utf8 } from "custody/ground";
import { drawChain, mergePictures } from "custody/graph";
import type { ChainPicture, ToldProcess } from "custody/graph";
import { explainChainArchive } from "custody/policy";
import type { ChainArchive, Gates } from "custody/policy";
import * as v from "valibot";

import { chainsShape } from "../api/shapes.ts";
import type { ShownWorkload } from "../api/shapes.ts";
import type { ChainsReport, VerifiedChainReport } from "./messages.ts";

/** What verifying needs of the world, and whom it trusts. */
export interface Verifier {
  readonly crypto: Crypto;
  readonly gates: Gates;
  readonly root: TrustedRoot;
}

const maxAnswerBytes = 96 * 1024 * 1024;
/** Ten thousand processes are about a hundred thousand. */
const maxAnswerValues = 1_000_000;

type AnsweredChains = v.InferOutput<typeof chainsShape>;
type VerifiedChains = Omit<ChainsReport, "kind" | "milliseconds">;

/**
 * Verifies what the server answered about a word, from its bytes on: the server is believed nothing that a proof could show.
 *
 * @throws CustodyError `console/chains` for an answer that cannot be read; `json/…`, `bytes/…`.
 */
export async function verifyChains(verifier: Verifier, text: string, at: Instant): Promise<VerifiedChains> {
  const answer = readAnswer(text);
  const digest = (bytes: Uint8Array<ArrayBuffer>) => digestOf(verifier.crypto, bytes);
  const bundles: Record<string, string> = {};
  const archives = answer.chains.map(readArchive);
  for (const [i, { policy, bundles: parts }] of archives.entries()) {
    const texts = answer.chains[i];
    for (const [j, bytes] of [policy, ...parts].entries())
      bundles[digest(bytes)] = [texts?.policy, ...(texts?.bundles ?? [])][j] ?? "";
  }
  // At once: while one signature is worked out on the browser's threads, the next bundle is read.
  const now = { at, processes: answer.processes };
  const verified = await Promise.all(archives.map((archive) => verifyOne(verifier, archive, now)));
  return {
    direction: answer.direction,
    picture: mergePictures(verified.map(({ picture }) => picture)),
    chains: verified.map(({ report }) => report),
    bundles,
    left: answer.left,
    deliveries: answer.deliveries.map(({ id, phase, state }) => ({ id, phase, reasons: state.reasons })),
    trustRevision: revisionOf(digest, verifier.root),
  };
}

interface Now {
  readonly at: Instant;
  readonly processes: readonly ShownWorkload[];
}

async function verifyOne(
  { crypto, gates, root }: Verifier,
  archive: ChainArchive,
  { at, processes }: Now,
): Promise<{ readonly report: VerifiedChainReport; readonly picture: ChainPicture }> {
  const { image, repository } = archive;
  const explained = await explainChainArchive({ crypto, gates }, root, archive, at);
  const own = processes.flatMap(toldProcess).filter((told) => told.image === image);
  const { verdict } = explained;
  const isAllowed = verdict.kind === "allowed";
  return {
    picture: drawChain({ repository, image, archive: explained, processes: own }),
    report: {
      image,
      repository,
      state: isAllowed ? "verified" : verdict.kind,
      reasons: isAllowed ? [] : verdict.reasons,
      commit: isAllowed ? verdict.facts.commit : undefined,
    },
  };
}

function readAnswer(text: string): AnsweredChains {
  const json = parseJson(utf8(text), { sizeBytes: maxAnswerBytes, values: maxAnswerValues });
  const shape = v.safeParse(chainsShape, json);
  if (shape.success) return shape.output;
  const [issue] = shape.issues;
  throw new CustodyError(
    "console/chains",
    `the server's answer cannot be read: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`,
  );
}

function readArchive({ image, repository, policy, bundles }: AnsweredChains["chains"][number]): ChainArchive {
  return {
    image: parseDigest(image),
    repository,
    policy: parseBase64(policy),
    bundles: bundles.map((one) => parseBase64(one)),
  };
}

function toldProcess({ name, process }: ShownWorkload): ToldProcess[] {
  if (!process) return [];
  const { pid, startedAt, image } = process;
  return [{ workload: name, pid, startedAt: instantOf(startedAt), image: parseDigest(image) }];
}
