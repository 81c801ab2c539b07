import type { StepState, VerifiedBundle } from "custody/evidence";
import { findOtherBundles, run } from "custody/evidence";
import { CustodyError, formatInstant, hexOf, parseInstant } from "custody/ground";
import type { Digest, Instant, Reason, Verdict } from "custody/ground";
import type { ExplainedArchive } from "custody/policy";
import { identitiesOf } from "custody/policy";
import { parseSpiffeId, trustDomainOf } from "custody/spiffe";

import type { PictureNode } from "./picture.ts";

/** A process as the server tells of it: what vouches for it is the runtime's attestation. */
export interface ToldProcess {
  readonly workload: string;
  readonly pid: number;
  readonly startedAt: Instant;
  readonly image: Digest;
}

/** What the image of the picture was found to be. */
interface Judged {
  readonly image: Digest;
  readonly archive: ExplainedArchive;
}

/** The process as the runtime attested it; without that, as the server tells of it, and then it is not decided. */
export function drawProcess(judged: Judged, told: ToldProcess): PictureNode {
  const { workload, pid } = told;
  const { archive } = judged;
  const runs = findRuns(judged, told);
  const attested = runs.find(({ startedAt }) => secondOf(startedAt) === secondOf(told.startedAt));
  const since = attested?.startedAt ?? told.startedAt;
  return {
    id: `process ${workload} ${pid}`,
    kind: "process",
    title: workload,
    detail: `pid ${pid} since ${formatInstant(since)}${attested ? "" : ", as the server says"}`,
    ...judge(archive.verdict, attested ? [] : [unattested(told, runs)]),
    bundle: attested?.bundle.digest,
    at: since,
  };
}

function judge(verdict: Verdict<unknown>, doubts: readonly Reason[]): Pick<PictureNode, "state" | "reasons"> {
  if (verdict.kind !== "allowed") return { state: stateOf(verdict), reasons: verdict.reasons };
  return { state: doubts.length > 0 ? "undecided" : "verified", reasons: doubts };
}

// Numbers of processes are given out again: one that started at another time is another process.
function unattested({ workload, pid }: ToldProcess, runs: readonly AttestedRun[]): Reason {
  const times = runs.map(({ startedAt }) => formatInstant(startedAt)).join(", ");
  const others = `the runtime has attested a pid ${pid} that started at another time: ${times}`;
  const message = `the server says that it runs; ${runs.length > 0 ? others : "the runtime has not attested it"}`;
  return { code: "run/unattested", subject: workload, message };
}

/** The runtime's own word that a process of that number ran the image, and since when. */
interface AttestedRun {
  readonly bundle: VerifiedBundle;
  readonly startedAt: Instant;
}

function findRuns(
  { image, archive: { chain, policyBundle, examined } }: Judged,
  { workload, pid }: ToldProcess,
): readonly AttestedRun[] {
  if (!chain || policyBundle.kind !== "verified") return [];
  const { runtime } = identitiesOf(trustDomainOf(parseSpiffeId(policyBundle.bundle.identity)));
  return findOtherBundles(chain, examined).flatMap((bundle) => {
    const { identity, statement } = bundle;
    if (identity !== runtime || statement.predicateType !== run.predicateType) return [];
    const found = readRun(bundle);
    const isIt =
      found?.workload === workload &&
      found.pid === pid &&
      statement.subject.some(({ digest }) => digest["sha256"] === hexOf(image));
    return isIt ? [{ bundle, startedAt: found.startedAt }] : [];
  });
}

function readRun({
  statement,
}: VerifiedBundle): Pick<ToldProcess, "workload" | "pid" | "startedAt"> | undefined {
  try {
    const { workload, process: running } = run.parse(statement.predicate);
    return { workload, pid: running.pid, startedAt: parseInstant(running.startedOn) };
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function secondOf(instant: Instant): number {
  return Math.floor(instant / 1000);
}

/** A verdict as a node's state. */
export function stateOf(verdict: Verdict<unknown>): StepState {
  return verdict.kind === "allowed" ? "verified" : verdict.kind;
}
