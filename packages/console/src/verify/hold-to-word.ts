import type { StepState } from "custody/evidence";
import type { Reason } from "custody/ground";
import { isDigest } from "custody/ground";
import type { PictureNode } from "custody/graph";

import type { VerifiedChainReport } from "./messages.ts";

/** A chain as it was verified, with what else of the answer was found in its proofs. */
export interface FoundChain {
  readonly report: VerifiedChainReport;
  readonly processes: readonly PictureNode[];
  /** Digests of its bundles. */
  readonly bundles: readonly string[];
}

const pidPattern = /^[1-9][0-9]{0,9}$/;
const commitPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Holds a chain to what was asked for: a chain that holds is no answer to another question. Digests, commits and processes
 * are proven to be the chain's own; of a tag or a workload only the repository is.
 */
export function holdToWord(word: string, found: FoundChain): VerifiedChainReport {
  const { report } = found;
  if (report.state !== "verified") return report;
  if (pidPattern.test(word)) return holdToProcess(word, found);
  return isOf(word, found) ? report : { ...report, ...other(word, report) };
}

/** Whether that the word stands for these chains is the server's word alone: tags move, and workloads change their images. */
export function isTold(word: string): boolean {
  return !pidPattern.test(word) && !commitPattern.test(word) && !isDigest(word) && !word.includes("@");
}

function isOf(word: string, { report, bundles }: FoundChain): boolean {
  if (commitPattern.test(word)) return report.commit === word;
  if (isDigest(word)) return report.image === word || bundles.includes(word);
  const [name = "", digest] = word.split("@");
  if (digest !== undefined && digest !== report.image) return false;
  return name.split(":")[0] === report.repository;
}

function holdToProcess(word: string, { report, processes }: FoundChain): VerifiedChainReport {
  const process = processes.find(({ id }) => id.endsWith(` ${word}`));
  if (!process) return { ...report, ...other(word, report) };
  return { ...report, state: process.state, reasons: process.reasons };
}

function other(
  word: string,
  { repository, image }: VerifiedChainReport,
): { state: StepState; reasons: Reason[] } {
  const message = `the server answered with the chain of ${repository} ${image}, which is not shown to be what was asked for`;
  return { state: "refused", reasons: [{ code: "console/other-chain", subject: word, message }] };
}
