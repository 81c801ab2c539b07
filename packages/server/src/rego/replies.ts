import { documentLine, documentText } from "custody/rego/results";
import type { Document } from "custody/rego/results";
import type { FastifyReply, FastifyRequest } from "fastify";

import { isAsked, parametersOf } from "./request.ts";

/** Answers with JSON, over many lines for `?pretty`. */
export function sendDocument(request: FastifyRequest, reply: FastifyReply, document: Document): FastifyReply {
  const isPretty = isAsked(parametersOf(request), "pretty");
  const text = isPretty ? documentText(document) : documentLine(document);
  return sendJson(reply, `${text}\n`);
}

/** As bytes, for to a text fastify adds a charset that OPA does not name. */
export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.header("content-type", "application/json").send(Buffer.from(text));
}
