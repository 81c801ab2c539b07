import type { IncomingHttpHeaders } from "node:http";

import { CustodyError } from "custody/ground";
import type { Bytes } from "custody/ground";
import type { FastifyInstance } from "fastify";

/** What a door takes: media types, how much of them in bytes, and how it is read. */
export interface TakenBodies {
  readonly types: readonly string[];
  readonly limitBytes: number;
  readonly read: (body: Bytes) => unknown;
}

/**
 * Has the routes of a scope take bodies of these media types, whatever parameters they have, and no others: whoever sends another is
 * told which.
 */
export function takeOnly(app: FastifyInstance, { types, limitBytes, read }: TakenBodies): void {
  app.removeAllContentTypeParsers();
  const parser = { parseAs: "buffer" as const, bodyLimit: limitBytes };
  app.addContentTypeParser([...types], parser, (_request, body, done) =>
    done(null, read(new Uint8Array(body as unknown as Buffer))),
  );
  app.addContentTypeParser("*", (request, _payload, done) => done(notTaken(request.headers, types)));
}

function notTaken(headers: IncomingHttpHeaders, types: readonly string[]): Error {
  const type = headers["content-type"]?.slice(0, 200) ?? "a body without a media type";
  return new CustodyError("api/media-type", `${type} is not taken here`, {
    next: `send ${types.join(" or ")}`,
  });
}
