import { CustodyError, formatInstant, toBase64, utf8 } from "custody/ground";
import type { TufMetadata } from "custody/tuf";
import type { FastifyInstance } from "fastify";

import type { TrustRepository } from "../trust-repository.ts";

const immutable = "public, max-age=31536000, immutable";
const briefly = "public, max-age=60";

/** The repository as TUF's clients read it: public, static, and with what never changes marked as such. */
export function openRepositoryDoor(app: FastifyInstance, { files }: TrustRepository): void {
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*");
  });
  app.get<{ Params: { "*": string } }>("/*", async (request, reply) => {
    const name = request.params["*"];
    const file = await files.read(name);
    if (!file) return reply.code(404).type("text/plain").send("no such file\n");
    const type = name.startsWith("targets/") ? "application/octet-stream" : "application/json";
    return reply
      .type(type)
      .header("cache-control", name === "timestamp.json" ? briefly : immutable)
      .send(Buffer.from(file));
  });
}

/** What the repository is at, and its next roots; below the API, behind its guard. */
export function openTrustDoor(app: FastifyInstance, repository: TrustRepository): void {
  app.get("/trust", async () => {
    const { root, targets, snapshot, timestamp } = await repository.state();
    return {
      root: JSON.parse(Buffer.from(root.bytes).toString()) as unknown,
      ...endsOf({ root, targets, snapshot, timestamp }),
    };
  });
  app.post("/trust/roots", async (request, reply) => {
    if (request.body === null || typeof request.body !== "object") {
      throw new CustodyError("api/request", "the request holds no root", {
        next: "send the signed metadata",
      });
    }
    const { signed } = await repository.acceptRoot(utf8(JSON.stringify(request.body)));
    return reply.code(201).send({ version: signed.version, expires: formatInstant(signed.expires) });
  });
  app.post("/trust/online-keys", async (_request, reply) => {
    const { scheme, spki } = await repository.makeOnlineKey();
    return reply.code(201).send({ scheme, spki: toBase64(spki) });
  });
}

type Roles = Readonly<Record<string, TufMetadata | undefined>>;

function endsOf(roles: Roles): object {
  const ends = Object.entries(roles).flatMap(([role, metadata]) =>
    metadata
      ? [[role, { version: metadata.signed.version, expires: formatInstant(metadata.signed.expires) }]]
      : [],
  );
  return { roles: Object.fromEntries(ends) as object };
}
