import { RegoDiagnostics } from "custody/rego";
import { evaluatePartially } from "custody/rego/partial";
import type { Residual } from "custody/rego/partial";
import { members, problemsOf, residualDocument, value } from "custody/rego/results";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { badParameter } from "./api-error.ts";
import { readCompileRequest } from "./compile-request.ts";
import type { CompileRequest } from "./compile-request.ts";
import { unsafeBuiltins } from "./query-door.ts";
import { sendDocument } from "./replies.ts";
import { bodyText, isAsked, parametersOf } from "./request.ts";
import { RequestTimers } from "./request-timers.ts";
import { evaluationOptions } from "./services.ts";
import type { RegoServices } from "./services.ts";

/** Partial evaluation: what is left of a query while some of the input or data is unknown. */
export function openCompileDoor(app: FastifyInstance, services: RegoServices): void {
  app.post("/v1/compile", async (request, reply) => answer(services, request, reply));
}

function answer(services: RegoServices, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const timers = new RequestTimers();
  timers.begin("server_handler");
  const asked = timers.time("rego_query_parse", () =>
    readCompileRequest(bodyText(request, services.limits.bodyBytes)),
  );
  const residual = timers.time("rego_partial_eval", () => leftOf(services, asked));
  timers.end("server_handler");
  const parameters = parametersOf(request);
  const isTimed = isAsked(parameters, "metrics") || isAsked(parameters, "instrument");
  return sendDocument(
    request,
    reply,
    members({
      result: residualDocument(residual, "support"),
      metrics: isTimed ? value(timers.value) : undefined,
    }),
  );
}

function leftOf(services: RegoServices, { query, input, unknowns, ...options }: CompileRequest): Residual {
  const { policy, content } = services.store.snapshot;
  try {
    return evaluatePartially(policy, query, input, {
      ...evaluationOptions(services),
      ...options,
      data: content.data,
      unsafeBuiltins,
      ...(unknowns && { unknowns }),
    });
  } catch (error) {
    if (!(error instanceof RegoDiagnostics)) throw error;
    const isParsing = error.diagnostics[0]?.code === "rego_parse_error";
    const message = `error(s) occurred while ${isParsing ? "parsing query" : "compiling module(s)"}`;
    throw badParameter(message, problemsOf(error));
  }
}
