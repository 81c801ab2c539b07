import { explainBundle } from "custody/evidence";
import { CustodyError, instantOf, parseBase64, parseUtf8 } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";
import { Gates } from "custody/policy";

import { ApiProblem } from "../api/problem.ts";
import { answerLog } from "../log/prove/answer-log.ts";
import type {
  BundleReport,
  ChainsReport,
  ShownProblem,
  TrustTexts,
  VerifyAnswer,
  VerifyReport,
  VerifyRequest,
} from "./messages.ts";
import { describeTrust } from "./describe-trust.ts";
import { rememberCrypto } from "./remember-crypto.ts";
import { readTrust } from "./read-trust.ts";
import { verifyChains } from "./verify-chains.ts";
import type { VerifiedChains } from "./verify-chains.ts";

const gates = new Gates({ backend: "closures" });

/** What is told while something is verified, and what was asked of the server for it already. */
export interface Asked {
  readonly tell: (soFar: VerifyReport) => Promise<void>;
  /** The server's answer about chains, where chains are to be verified. */
  readonly chains: Promise<string> | undefined;
}

/** Answers a question; faults are answers, too. */
export async function answer(
  { id, request }: { readonly id: number; readonly request: VerifyRequest },
  asked: Asked,
): Promise<VerifyAnswer> {
  try {
    return { id, report: await work(request, asked) };
  } catch (error) {
    if (error instanceof ApiProblem) return { id, problem: shownProblem(error) };
    if (error instanceof CustodyError) return { id, fault: { code: error.code, message: error.message } };
    return { id, fault: { code: "console/bug", message: String(error) } };
  }
}

function shownProblem({ status, code, message, next }: ApiProblem): ShownProblem {
  return { status, code, message, next };
}

async function work(request: VerifyRequest, asked: Asked): Promise<VerifyReport> {
  switch (request.kind) {
    case "verify":
      return verifyAll(request, asked);
    case "explain":
      return explain(request.bundle, request.trust);
    case "trust":
      return describeTrust(webCrypto, readTrust(webCrypto, request.trust));
    default:
      return answerLog({ crypto: webCrypto, get: (address) => fetch(address) }, request);
  }
}

const minuteMilliseconds = 60_000;
let last: { readonly question: readonly unknown[]; readonly report: ChainsReport } | undefined;

async function verifyAll(
  { word, trust, at }: Extract<VerifyRequest, { kind: "verify" }>,
  { chains, tell }: Asked,
): Promise<ChainsReport> {
  const text = (await chains) ?? "";
  // What is told again within the minute, as when a stream opens, was just verified.
  const question = [word, trust.root, trust.witnesses, Math.floor(at / minuteMilliseconds), text];
  if (last?.question.every((part, i) => part === question[i])) return last.report;
  const begin = performance.now();
  const verifier = { crypto: rememberCrypto(webCrypto), gates, root: readTrust(webCrypto, trust) };
  const timed = (found: VerifiedChains): ChainsReport => {
    return { kind: "chains", ...found, milliseconds: performance.now() - begin };
  };
  const options = { word, at: instantOf(at), tell: (soFar: VerifiedChains) => tell(timed(soFar)) };
  const report = timed(await verifyChains(verifier, text, options));
  last = { question, report };
  return report;
}

async function explain(bundle: string, trust: TrustTexts): Promise<BundleReport> {
  const bytes = parseBase64(bundle);
  const raw = parseUtf8(bytes);
  try {
    return {
      kind: "bundle",
      raw,
      explained: await explainBundle(webCrypto, bytes, readTrust(webCrypto, trust)),
    };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { kind: "unreadable", raw, code: error.code, message: error.message };
  }
}
