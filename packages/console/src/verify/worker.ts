import { explainBundle } from "custody/evidence";
import { CustodyError, instantOf, parseBase64, parseUtf8 } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";
import { Gates } from "custody/policy";

import { askText } from "../api/ask.ts";
import { chainsPath } from "../api/paths.ts";
import { ApiProblem } from "../api/problem.ts";
import { answerLog } from "../log/prove/answer-log.ts";
import type {
  BundleReport,
  ChainsReport,
  ShownProblem,
  TrustTexts,
  VerifyAnswer,
  VerifyMessage,
  VerifyReport,
  VerifyRequest,
} from "./messages.ts";
import { describeTrust } from "./describe-trust.ts";
import { rememberCrypto } from "./remember-crypto.ts";
import { readTrust } from "./read-trust.ts";
import { verifyChains } from "./verify-chains.ts";
import type { VerifiedChains } from "./verify-chains.ts";

/* Verifies beside the page, which stays quick meanwhile. What comes is bytes, what goes is findings: the page never holds what is not verified yet. */

const gates = new Gates({ backend: "closures" });

/** So long at the most the rest waits until what was found so far is shown. */
const patienceMilliseconds = 500;
const shown = new Map<number, () => void>();

addEventListener("message", ({ data }: MessageEvent<VerifyMessage>) => {
  if ("shown" in data) shown.get(data.shown)?.();
  else void answer(data, tellOf(data.id)).then((found) => postMessage(found));
});

type Tell = (soFar: VerifyReport) => Promise<void>;

function tellOf(id: number): Tell {
  return async (soFar) => {
    postMessage({ id, soFar } satisfies VerifyAnswer);
    await new Promise<void>((resolve) => {
      shown.set(id, resolve);
      setTimeout(resolve, patienceMilliseconds);
    });
    shown.delete(id);
  };
}

async function answer(
  { id, request }: { readonly id: number; readonly request: VerifyRequest },
  tell: Tell,
): Promise<VerifyAnswer> {
  try {
    return { id, report: await work(request, tell) };
  } catch (error) {
    if (error instanceof ApiProblem) return { id, problem: shownProblem(error) };
    if (error instanceof CustodyError) return { id, fault: { code: error.code, message: error.message } };
    return { id, fault: { code: "console/bug", message: String(error) } };
  }
}

function shownProblem({ status, code, message, next }: ApiProblem): ShownProblem {
  return { status, code, message, next };
}

async function work(request: VerifyRequest, tell: Tell): Promise<VerifyReport> {
  switch (request.kind) {
    case "verify":
      return verifyAll(request, tell);
    case "explain":
      return explain(request.bundle, request.trust);
    case "trust":
      return describeTrust(webCrypto, readTrust(webCrypto, request.trust));
    default:
      return answerLog({ crypto: webCrypto, get: (address) => fetch(address) }, request);
  }
}

const minuteMilliseconds = 60_000;
let last: { readonly question: string; readonly report: ChainsReport } | undefined;

async function verifyAll(
  { word, trust, at }: Extract<VerifyRequest, { kind: "verify" }>,
  tell: Tell,
): Promise<ChainsReport> {
  const text = await askText(chainsPath(word));
  // What is told again within the minute, as when a stream opens, was just verified.
  const question = JSON.stringify([word, trust, Math.floor(at / minuteMilliseconds), text]);
  if (last?.question === question) return last.report;
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
