import { isObject, objectGet, quote } from "custody/rego";
import type { RegoValue } from "custody/rego";
import { members, value } from "custody/rego/results";
import type { Document } from "custody/rego/results";
import type { DocumentPath, Snapshot } from "custody/rego/store";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { ApiError, badParameter } from "./api-error.ts";
import { explainingOf } from "./explanation.ts";
import { sendDocument } from "./replies.ts";
import {
  bodyText,
  decisionPath,
  inputOf,
  isAsked,
  misfit,
  jsonOf,
  parametersOf,
  pathBelow,
} from "./request.ts";
import { RequestTimers } from "./request-timers.ts";
import { evaluationOptions } from "./services.ts";
import type { RegoServices } from "./services.ts";

/** Documents asked for with an input: `GET` and `POST /v1/data`, `POST /v0/data`, `POST /`. */
export function openDecisionsDoor(app: FastifyInstance, services: RegoServices): void {
  for (const url of ["/v1/data", "/v1/data/*"]) {
    app.get(url, { exposeHeadRoute: false }, async (request, reply) => {
      const timers = new RequestTimers();
      const input = timers.time("rego_input_parse", () => inputParameter(request));
      const path = pathBelow(request, "/v1/data");
      return new DecisionRequest({ services, request, reply, timers }).answer(path, input);
    });
    app.post(url, async (request, reply) => {
      const timers = new RequestTimers();
      const input = timers.time("rego_input_parse", () => bodyInput(request, services));
      const warning = input === undefined ? missingInput : undefined;
      const path = pathBelow(request, "/v1/data");
      return new DecisionRequest({ services, request, reply, timers }).answer(path, input, warning);
    });
  }
  for (const url of ["/v0/data", "/v0/data/*"]) {
    app.post(url, async (request, reply) => plain(services, request, reply));
  }
  app.post("/", async (request, reply) => plain(services, request, reply));
}

function plain(services: RegoServices, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const timers = new RequestTimers();
  const during = "unexpected parse error for input: body contains malformed input document: ";
  const input = inputOf(request, bodyText(request, services.limits.bodyBytes), during) ?? null;
  const isVersioned = request.url.startsWith("/v0/data");
  const path = isVersioned ? pathBelow(request, "/v0/data") : services.defaultDecision.join("/");
  return new DecisionRequest({ services, request, reply, timers }).answerPlain(path, input);
}

function inputParameter(request: FastifyRequest): RegoValue | undefined {
  const given = parametersOf(request).getAll("input").at(-1);
  return given === undefined ? undefined : jsonOf(given, "parameter contains malformed input document: ");
}

function bodyInput(request: FastifyRequest, { limits }: RegoServices): RegoValue | undefined {
  const during = "body contains malformed input document: ";
  const body = inputOf(request, bodyText(request, limits.bodyBytes), during) ?? null;
  if (isObject(body)) return objectGet(body, "input");
  if (body === null) return undefined;
  throw badParameter(during + misfit(body, "value of type types.alias"));
}

const missingInput = members({
  code: "api_usage_warning",
  message: "'input' key missing from the request",
});

interface Exchange {
  readonly services: RegoServices;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly timers: RequestTimers;
}

/** What an evaluation gave, and why where that was asked for. */
interface Decided {
  readonly result: RegoValue | undefined;
  readonly explanation: Document | undefined;
}

/** One request for a decision: evaluated, logged, answered. */
class DecisionRequest {
  readonly #exchange: Exchange;
  readonly #parameters: URLSearchParams;
  /** What it sees: a change meanwhile is not for it. */
  readonly #snapshot: Snapshot;
  readonly #id: string | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.#parameters = parametersOf(exchange.request);
    this.#snapshot = exchange.services.store.snapshot;
    this.#id = exchange.services.decisions?.newId();
    exchange.timers.begin("server_handler");
  }

  answer(path: string, input: RegoValue | undefined, warning?: Document): FastifyReply {
    const { request, reply, timers } = this.#exchange;
    const { result, explanation } = this.#decide(path, input);
    this.#log(path, { input, result });
    const isTimed = isAsked(this.#parameters, "metrics") || isAsked(this.#parameters, "instrument");
    const document = members({
      decision_id: this.#id,
      provenance: isAsked(this.#parameters, "provenance") ? this.#provenance() : undefined,
      explanation,
      metrics: isTimed ? value(timers.value) : undefined,
      result: result === undefined ? undefined : value(result),
      warning,
    });
    return sendDocument(request, reply, document);
  }

  /** The document and nothing else; where there is none, that is an error. */
  answerPlain(path: string, input: RegoValue): FastifyReply {
    const { request, reply } = this.#exchange;
    const { result } = this.#decide(path, input);
    const error = result === undefined ? this.#undefinedError(decisionPath(path)) : undefined;
    this.#log(path, { input, result, error });
    if (error) throw error;
    return sendDocument(request, reply, value(result ?? null));
  }

  #decide(path: string, input: RegoValue | undefined): Decided {
    try {
      return this.#evaluate(decisionPath(path), input);
    } catch (error) {
      this.#log(path, { input, result: undefined, error });
      throw error;
    }
  }

  #evaluate(path: DocumentPath, input: RegoValue | undefined): Decided {
    const { services, timers } = this.#exchange;
    const snapshot = this.#snapshot;
    timers.count("server_query_cache_hit", snapshot.isReady ? 1 : 0);
    if (!snapshot.isReady) timers.time("rego_query_compile", () => snapshot.prepare());
    const explaining = explainingOf(this.#parameters, snapshot.policy);
    const options = {
      ...evaluationOptions(services),
      strictBuiltinErrors: isAsked(this.#parameters, "strict-builtin-errors"),
      ...explaining?.options,
    };
    const result = timers.time("rego_query_eval", () => snapshot.find(path, input, options));
    timers.end("server_handler");
    return { result, explanation: explaining?.document({ ...options, input, data: snapshot.content.data }) };
  }

  #log(
    path: string,
    outcome: { input: RegoValue | undefined; result: RegoValue | undefined; error?: unknown },
  ): void {
    const { services, request, timers } = this.#exchange;
    if (this.#id === undefined) return;
    timers.end("server_handler");
    const { remoteAddress = "", remotePort = 0 } = request.socket;
    services.decisions?.record({
      ...outcome,
      decisionId: this.#id,
      subject: { path },
      bundles: this.#snapshot.content.bundles,
      metrics: timers.value,
      requestedBy: `${remoteAddress}:${remotePort}`,
    });
  }

  #undefinedError(path: DocumentPath): ApiError {
    const kind = this.#snapshot.hasRuleFor(path) ? "document undefined" : "document missing";
    return new ApiError(404, "undefined_document", `${kind}: ${referenceText(path)}`);
  }

  #provenance(): Document {
    const { bundles } = this.#snapshot.content;
    const revisions = [...bundles].map(([name, { revision }]) => [name, members({ revision })] as const);
    return members({
      version: this.#exchange.services.labels["version"] ?? "",
      build_commit: "",
      build_timestamp: "",
      build_hostname: "",
      bundles: revisions.length > 0 ? members(Object.fromEntries(revisions)) : undefined,
    });
  }
}

/** `data.a["b c"][0]` */
function referenceText(path: DocumentPath): string {
  const parts = path.map((name) => {
    if (/^[A-Za-z_]\w*$/.test(name)) return `.${name}`;
    return /^(?:0|[1-9]\d*)$/.test(name) ? `[${name}]` : `[${quote(name)}]`;
  });
  return `data${parts.join("")}`;
}
