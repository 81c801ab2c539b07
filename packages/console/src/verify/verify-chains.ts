import { revisionOf } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import type { Crypto, Instant } from "custody/ground";
import { CustodyError, digestOf, instantOf, parseBase64, parseDigest, parseJson } from "custody/ground";
import { drawChain, mergePictures } from "custody/graph";
import type { ChainPicture, ToldProcess } from "custody/graph";
import { explainChainArchive } from "custody/policy";
import type { ChainArchive, Gates } from "custody/policy";
import * as v from "valibot";

import { chainsShape } from "../api/shapes.ts";
import type { ShownWorkload } from "../api/shapes.ts";
import { holdToWord } from "./hold-to-word.ts";
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
/** What was found, whenever that was. */
export type VerifiedChains = Omit<ChainsReport, "kind" | "milliseconds">;

/**
 * Verifies what the server answered about a word, from its bytes on: the server is believed nothing that a proof could show. Of
 * several chains the newest comes first, and is told of while the others are verified.
 *
 * @throws CustodyError `console/chains` for an answer that cannot be read; `json/…`, `bytes/…`.
 */
export async function verifyChains(
  verifier: Verifier,
  text: string,
  { word, at, tell }: Question,
): Promise<VerifiedChains> {
  const answer = readAnswer(text);
  const now = { word, at, processes: answer.processes };
  const [first, ...others] = answer.chains;
  const verified = first ? [await verifyOne(verifier, first, now)] : [];
  if (others.length > 0) await tell?.(reportOf(verifier, answer, verified));
  // At once: while one signature is worked out on the browser's threads, the next bundle is read.
  verified.push(...(await Promise.all(others.map((chain) => verifyOne(verifier, chain, now)))));
  return reportOf(verifier, answer, verified);
}

/** What is asked, when, and who is told of what was found so far. */
export interface Question {
  readonly word: string;
  readonly at: Instant;
  /** Settles when the rest may follow: what was found is shown first, which takes the same processors. */
  readonly tell?: (soFar: VerifiedChains) => Promise<void>;
}

interface VerifiedOne {
  readonly report: VerifiedChainReport;
  readonly picture: ChainPicture;
  readonly bundles: Readonly<Record<string, string>>;
}

function reportOf(
  { crypto, root }: Verifier,
  answer: AnsweredChains,
  verified: readonly VerifiedOne[],
): VerifiedChains {
  return {
    direction: answer.direction,
    picture: mergePictures(verified.map(({ picture }) => picture)),
    chains: verified.map(({ report }) => report),
    bundles: Object.assign({}, ...verified.map(({ bundles }) => bundles)) as Record<string, string>,
    pending: answer.chains.length - verified.length,
    left: answer.left,
    deliveries: answer.deliveries.map(({ id, phase, state }) => ({ id, phase, reasons: state.reasons })),
    trustRevision: revisionOf((bytes) => digestOf(crypto, bytes), root),
  };
}

interface Now {
  readonly word: string;
  readonly at: Instant;
  readonly processes: readonly ShownWorkload[];
}

async function verifyOne(
  { crypto, gates, root }: Verifier,
  chain: AnsweredChains["chains"][number],
  { word, at, processes }: Now,
): Promise<VerifiedOne> {
  const archive = readArchive(chain);
  const { image, repository, policy, bundles } = archive;
  const texts = [chain.policy, ...chain.bundles];
  const named = [policy, ...bundles].map((bytes, i) => [digestOf(crypto, bytes), texts[i] ?? ""] as const);
  const explained = await explainChainArchive({ crypto, gates }, root, archive, at);
  const own = processes.flatMap(toldProcess).filter((told) => told.image === image);
  const { verdict } = explained;
  const isAllowed = verdict.kind === "allowed";
  const picture = drawChain({ repository, image, archive: explained, processes: own });
  const report: VerifiedChainReport = {
    image,
    repository,
    state: isAllowed ? "verified" : verdict.kind,
    reasons: isAllowed ? [] : verdict.reasons,
    commit: isAllowed ? verdict.facts.commit : undefined,
  };
  const found = {
    report,
    processes: picture.nodes.filter(({ kind }) => kind === "process"),
    bundles: named.map(([digest]) => digest),
  };
  return { report: holdToWord(word, found), picture, bundles: Object.fromEntries(named) };
}

function readAnswer(text: string): AnsweredChains {
  const json = parseJson(text, { sizeBytes: maxAnswerBytes, values: maxAnswerValues });
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
