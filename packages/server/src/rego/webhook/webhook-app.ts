import {
  addressOf,
  admissionAnswer,
  joinDecisions,
  parseAdmissionReview,
  refusedAdmission,
} from "custody/gatekeeper";
import type { AdmissionAddress, AdmissionDecision, RefusalCode } from "custody/gatekeeper";
import { CustodyError, findFaultCode } from "custody/ground";
import { readJson, RegoFault, writeJson } from "custody/rego";
import type { RegoHost, RegoValue } from "custody/rego";
import { fastify } from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { isNestedDeeper } from "../nesting.ts";
import { sendJson } from "../replies.ts";
import { depthLimit } from "../request.ts";
import { budgetMilliseconds } from "./deadline.ts";
import type { PolicyWatch } from "./policy-watch.ts";
import type { TlsMaterial } from "./tls-files.ts";

export interface WebhookAppOptions {
  /** All deciders have to allow; they may be others from one request to the next. */
  readonly policies: Pick<PolicyWatch, "deciders" | "problem">;
  readonly host: RegoHost;
  /** From the first byte of a request to its decision. */
  readonly deadlineMilliseconds: number;
  /** How many turns of loops and builtins one evaluation may take. */
  readonly steps: number;
  readonly bodyBytes: number;
  readonly tls: TlsMaterial | undefined;
}

/**
 * The door of an admission webhook, `POST /v1/admit`. Whatever is asked there is answered with status 200 and an
 * AdmissionReview: another status would be left to the `failurePolicy` of whoever asks. What cannot be decided is refused.
 */
export function buildWebhookApp(options: WebhookAppOptions): FastifyInstance {
  const { tls, bodyBytes } = options;
  const app = fastify({
    bodyLimit: bodyBytes,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    ...(tls && { https: { ...tls, minVersion: "TLSv1.2" as const } }),
  }) as unknown as FastifyInstance;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => sendFailure(error, request, reply));
  app.get("/health", async () => healthOf(options.policies));
  app.post("/v1/admit", async (request, reply) => {
    const { address, decision } = admit(request, reply, options);
    return sendAnswer(reply, address, decision);
  });
  return app;
}

/** Healthy with policies of before too: who is not asked decides nothing. */
function healthOf({ problem }: WebhookAppOptions["policies"]): object {
  return problem === undefined ? {} : { warning: `the policies of before decide: ${problem}` };
}

interface Admitted {
  readonly address: AdmissionAddress;
  readonly decision: AdmissionDecision;
}

function admit(request: FastifyRequest, reply: FastifyReply, options: WebhookAppOptions): Admitted {
  let address = addressOf(null);
  try {
    const document = readBody(request);
    address = addressOf(document);
    const left = budget(request, options) - reply.elapsedTime;
    return { address, decision: decide(document, left, options) };
  } catch (error) {
    return { address, decision: undecided(error) };
  }
}

function budget({ url }: FastifyRequest, { deadlineMilliseconds }: WebhookAppOptions): number {
  const [, query = ""] = url.split(/\?(.*)/s);
  return budgetMilliseconds(deadlineMilliseconds, new URLSearchParams(query).get("timeout"));
}

function readBody({ body }: FastifyRequest): RegoValue {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  if (isNestedDeeper(text, depthLimit)) throw new RegoFault("rego/json", "the request nests too deep");
  return readJson(text);
}

function decide(document: RegoValue, milliseconds: number, options: WebhookAppOptions): AdmissionDecision {
  const end = performance.now() + milliseconds;
  const isOver = (): boolean => performance.now() > end;
  const bounds = { host: options.host, limits: { steps: options.steps, isOver } };
  try {
    const review = parseAdmissionReview(document);
    const decisions = options.policies.deciders.map((decider) =>
      isOver() ? tooLate : decider(review, bounds),
    );
    return isOver() ? tooLate : joinDecisions(decisions);
  } catch (error) {
    return isOver() ? tooLate : undecided(error);
  }
}

const tooLate = refusedAdmission(504, "could not decide in time");

function undecided(error: unknown): AdmissionDecision {
  const message = error instanceof CustodyError ? error.message : "the webhook failed";
  return refusedAdmission(codeOf(error), `could not decide: ${message}`);
}

function codeOf(error: unknown): RefusalCode {
  if (error instanceof TypeError && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA")
    return 400;
  const code = findFaultCode(error) ?? "";
  return ["gatekeeper/review", "gatekeeper/object", "rego/json"].includes(code) ? 400 : 500;
}

/** What fastify could not take in; a path that is none stays one. */
function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (!request.url.startsWith("/v1/admit")) return reply.code(500).send();
  const decision =
    status === 413
      ? refusedAdmission(413, "could not decide: the request is too large")
      : refusedAdmission(400, "could not decide: the request could not be read");
  return sendAnswer(reply, addressOf(null), decision);
}

function sendAnswer(
  reply: FastifyReply,
  address: AdmissionAddress,
  decision: AdmissionDecision,
): FastifyReply {
  return sendJson(reply.code(200), `${writeJson(admissionAnswer(address, decision))}\n`);
}
