import type { FastifyInstance } from "fastify";

/** Every answer of these doors is for who asked: no cache keeps it, and no browser takes it for another type than it names. */
export function keepAnswersPrivate(app: FastifyInstance): void {
  app.addHook("onSend", async (_request, reply) => {
    void reply.headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  });
}
