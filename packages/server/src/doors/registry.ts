import { Readable } from "node:stream";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { handleRegistryRequest } from "custody/registry";
import type { RegistryPorts } from "custody/registry";

/** The OCI distribution protocol below /v2/: bodies stay streams, all else is the registry room's. */
export function openRegistryDoor(app: FastifyInstance, ports: RegistryPorts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    answer(ports, request, reply);
  for (const url of ["/v2", "/v2/", "/v2/*"]) {
    app.route({
      method: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
      url,
      handler,
      exposeHeadRoute: false,
    });
  }
}

async function answer(
  ports: RegistryPorts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { pathname, searchParams } = new URL(request.raw.url ?? "/", "http://registry");
  const response = await handleRegistryRequest(ports, {
    method: request.method,
    path: pathname,
    query: searchParams,
    header: (name) => headerOf(request, name),
    body: request.raw,
  });
  reply.code(response.status).headers(response.headers);
  const { body } = response;
  if (body === undefined) return reply.send();
  return reply.send(
    body instanceof Uint8Array ? Buffer.from(body) : Readable.from(body, { objectMode: false }),
  );
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
