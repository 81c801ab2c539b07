import { ApiProblem } from "../api/problem.ts";
import { whenIdle } from "../parts/idle.ts";
import type { ShownProblem, VerifyAnswer, VerifyMessage, VerifyReport, VerifyRequest } from "./messages.ts";

/** A fault of what was to be verified, or of the verifier itself. */
export class VerifyFault extends Error {
  readonly code: string;

  constructor({ code, message }: { readonly code: string; readonly message: string }) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (report: VerifyReport) => void;
  readonly reject: (fault: Error) => void;
  readonly hear: (soFar: VerifyReport) => void;
}

let worker: Worker | undefined;
let count = 0;
const waiting = new Map<number, Waiting>();

/**
 * Has the worker verify.
 *
 * @throws ApiProblem where the server does not answer; VerifyFault `console/insecure` where the browser has no WebCrypto (plain HTTP to another machine), or what was found.
 */
export async function verify<Kind extends VerifyReport["kind"]>(
  request: VerifyRequest,
  ...kinds: readonly Kind[]
): Promise<Extract<VerifyReport, { kind: Kind }>> {
  return verifyTelling({ request, kinds, tell: () => undefined });
}

/** What is asked of the worker, and who is told what it has found so far. */
export interface Telling<Kind extends VerifyReport["kind"]> {
  readonly request: VerifyRequest;
  readonly kinds: readonly Kind[];
  readonly tell: (soFar: Extract<VerifyReport, { kind: Kind }>) => void;
}

/** As {@link verify}, with word of what was found so far. */
export async function verifyTelling<Kind extends VerifyReport["kind"]>({
  request,
  kinds,
  tell,
}: Telling<Kind>): Promise<Extract<VerifyReport, { kind: Kind }>> {
  if (!globalThis.isSecureContext) {
    throw new VerifyFault({
      code: "console/insecure",
      message: "this browser verifies nothing over plain HTTP: open the console over HTTPS, or on localhost",
    });
  }
  const report = await new Promise<VerifyReport>((resolve, reject) => {
    const id = count++;
    const hear = (soFar: VerifyReport): void => {
      if (isOf(soFar, kinds)) tell(soFar);
    };
    waiting.set(id, { resolve, reject, hear });
    post({ id, request });
  });
  if (isOf(report, kinds)) return report;
  throw new VerifyFault({ code: "console/bug", message: `the verifier answered with ${report.kind}` });
}

function isOf<Kind extends VerifyReport["kind"]>(
  report: VerifyReport,
  kinds: readonly Kind[],
): report is Extract<VerifyReport, { kind: Kind }> {
  return (kinds as readonly string[]).includes(report.kind);
}

/** Has the worker's program read, before there is anything to verify. */
export function warmVerifier(): void {
  if (globalThis.isSecureContext) open();
}

function post(message: VerifyMessage): void {
  open().postMessage(message);
}

function open(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "verifier" });
  worker.addEventListener("message", ({ data }: MessageEvent<VerifyAnswer>) => settle(data));
  worker.addEventListener("error", () => breakDown());
  return worker;
}

function settle(answer: VerifyAnswer): void {
  const one = waiting.get(answer.id);
  if ("soFar" in answer) {
    one?.hear(answer.soFar);
    afterFrame(() => post({ shown: answer.id }));
    return;
  }
  waiting.delete(answer.id);
  if ("report" in answer) one?.resolve(answer.report);
  else one?.reject("problem" in answer ? problemOf(answer.problem) : new VerifyFault(answer.fault));
}

const latestMilliseconds = 200;

// When what was heard is drawn: rendering begins in one frame, and is painted by the end of the next.
function afterFrame(then: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(() => whenIdle(then, latestMilliseconds)));
}

function problemOf({ status, message, ...rest }: ShownProblem): ApiProblem {
  return new ApiProblem(status, { ...rest, detail: message });
}

// What does not start verifies nothing; the next question starts another.
function breakDown(): void {
  worker?.terminate();
  worker = undefined;
  for (const { reject } of waiting.values())
    reject(new VerifyFault({ code: "console/bug", message: "the verifier does not work in this browser" }));
  waiting.clear();
}
