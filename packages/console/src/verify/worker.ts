import { explainBundle } from "custody/evidence";
import { CustodyError, instantOf, parseBase64, parseUtf8 } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";
import { Gates } from "custody/policy";

import { answerLog } from "../log/prove/answer-log.ts";
import type {
  BundleReport,
  ChainsReport,
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

/* Verifies beside the page, which stays quick meanwhile. What comes is bytes, what goes is findings; nothing but the log's tiles is fetched here. */

const gates = new Gates({ backend: "closures" });

addEventListener(
  "message",
  ({ data }: MessageEvent<{ readonly id: number; readonly request: VerifyRequest }>) => {
    const tell = (soFar: VerifyReport): void => postMessage({ id: data.id, soFar });
    void answer(data, tell).then((found) => postMessage(found));
  },
);

type Tell = (soFar: VerifyReport) => void;

async function answer(
  { id, request }: { readonly id: number; readonly request: VerifyRequest },
  tell: Tell,
): Promise<VerifyAnswer> {
  try {
    return { id, report: await work(request, tell) };
  } catch (error) {
    if (error instanceof CustodyError) return { id, fault: { code: error.code, message: error.message } };
    return { id, fault: { code: "console/bug", message: String(error) } };
  }
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

async function verifyAll(
  { word, chains, trust, at }: Extract<VerifyRequest, { kind: "verify" }>,
  tell: Tell,
): Promise<ChainsReport> {
  const begin = performance.now();
  const verifier = { crypto: rememberCrypto(webCrypto), gates, root: readTrust(webCrypto, trust) };
  const timed = (found: VerifiedChains): ChainsReport => {
    return { kind: "chains", ...found, milliseconds: performance.now() - begin };
  };
  const options = { word, at: instantOf(at), tell: (soFar: VerifiedChains) => tell(timed(soFar)) };
  return timed(await verifyChains(verifier, chains, options));
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
