import type { RegoValue } from "custody/rego";
import { members, value } from "custody/rego/results";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { counterText } from "./request-metrics.ts";
import { sendDocument } from "./replies.ts";
import { isAsked, parametersOf, pathBelow } from "./request.ts";
import { evaluationOptions } from "./services.ts";
import type { RegoServices } from "./services.ts";
import { statusDocument } from "./status-document.ts";

const withoutHead = { exposeHeadRoute: false };

/** How the server is: `/health`, `/v1/config`, `/v1/status`, `/metrics`. */
export function openStatusDoor(app: FastifyInstance, services: RegoServices): void {
  app.get("/", withoutHead, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send("<pre>Custody: the REST API of OPA 1.19</pre>\n"),
  );
  app.get("/health", withoutHead, async (request, reply) =>
    sendHealth(request, reply, healthProblem(services, request)),
  );
  app.get("/health/*", withoutHead, async (request, reply) =>
    sendHealth(request, reply, policyProblem(services, pathBelow(request, "/health"))),
  );
  app.get("/v1/config", withoutHead, async (request, reply) =>
    sendDocument(request, reply, members({ result: value(services.configuration) })),
  );
  app.get("/v1/status", withoutHead, async (request, reply) =>
    sendDocument(request, reply, members({ result: statusDocument(services) })),
  );
  app.get("/metrics", withoutHead, async (_request, reply) =>
    reply.type("text/plain; version=0.0.4; charset=utf-8").send(metricsText(services)),
  );
}

function sendHealth(request: FastifyRequest, reply: FastifyReply, problem: string | undefined): FastifyReply {
  return sendDocument(request, reply.code(problem === undefined ? 200 : 500), members({ error: problem }));
}

function healthProblem(services: RegoServices, request: FastifyRequest): string | undefined {
  const parameters = parametersOf(request);
  const { plugins } = services;
  const asksForBundles = isAsked(parameters, "bundles") || isAsked(parameters, "bundle");
  if (asksForBundles && (plugins["bundle"] === "NOT_READY" || plugins["discovery"] === "NOT_READY"))
    return "one or more bundles are not activated";
  const excluded = parameters.getAll("exclude-plugin");
  const isDown = Object.entries(plugins).some(
    ([name, state]) => state === "NOT_READY" && !excluded.includes(name),
  );
  return isAsked(parameters, "plugins") && isDown ? "one or more plugins are not up" : undefined;
}

/** What the policy `system.health` says of its own. */
function policyProblem(services: RegoServices, name: string): string | undefined {
  const { plugins } = services;
  const areReady = Object.values(plugins).every((state) => state === "OK");
  const input: RegoValue = { plugin_state: plugins, plugins_ready: areReady };
  const path = ["system", "health", ...name.split("/").filter(Boolean)];
  const found = services.store.snapshot.find(path, input, evaluationOptions(services));
  if (found === true) return undefined;
  const kind = found === undefined ? "was undefined" : "returned unexpected value";
  return `health check (data.${path.join(".")}) ${kind}`;
}

function metricsText({ metrics, decisions, bundles }: RegoServices): string {
  const logs = decisions?.lines.state;
  const failed = [...bundles.values()].filter(({ hasFailed }) => hasFailed).length;
  return [
    metrics.text,
    ...(logs
      ? [
          counterText("decision_logs_written_total", "Decisions that were written to the log.", logs.written),
          counterText(
            "decision_logs_dropped_total",
            "Decisions that were lost on the way to the log.",
            logs.dropped,
          ),
        ]
      : []),
    ...(bundles.size > 0
      ? [counterText("bundles_failing", "Bundles whose last download or activation failed.", failed)]
      : []),
  ].join("");
}
