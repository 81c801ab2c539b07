import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import fastifyStatic from "@fastify/static";
import { CustodyError } from "custody/ground";
import type { FastifyInstance, FastifyReply } from "fastify";

/** Where the built console lies, beside the server's code. */
const consoleFolder = fileURLToPath(new URL("../../console/", import.meta.url));

/** Every address that is a view of the console; the rest of an address is the console's own. */
const views = [
  "/",
  "/sign-in",
  "/chain",
  "/chain/*",
  "/deliveries",
  "/deliveries/*",
  "/decisions",
  "/decisions/*",
  "/log",
  "/log/entries/*",
  "/log/checkpoints",
  "/log/tiles",
  "/running",
  "/playground",
];

const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The playground is a page of its own, which says what it may run; here it gets an origin that is nobody's. */
const playgroundPolicy = "sandbox allow-scripts allow-downloads; frame-ancestors 'self'";

/**
 * The console's pages and parts. Nothing is asked of another server, no script stands in a page, and nothing but this server
 * frames them. Without a built console the views say how to build it.
 */
export async function openPages(app: FastifyInstance, folder: string = consoleFolder): Promise<void> {
  app.addHook("onSend", async (_request, reply) => {
    void reply.headers({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
    });
  });
  if (!(await exists(`${folder}index.html`))) {
    for (const view of views) app.get(view, async () => refuseUnbuilt());
    return;
  }
  await app.register(fastifyStatic, { root: folder, serve: false });
  for (const view of views)
    app.get(view, async (_request, reply) => sendPage(reply, "index.html", contentPolicy));
  app.get("/playground/page", async (_request, reply) =>
    sendPage(reply, "playground.html", playgroundPolicy),
  );
  app.get<{ Params: { "*": string } }>("/assets/*", async (request, reply) =>
    reply.sendFile(`assets/${request.params["*"]}`, { maxAge: "365d", immutable: true }),
  );
}

async function sendPage(reply: FastifyReply, file: string, policy: string): Promise<FastifyReply> {
  return reply.header("content-security-policy", policy).sendFile(file, { maxAge: 0 });
}

function refuseUnbuilt(): never {
  throw new CustodyError("console/unbuilt", "the console has not been built", {
    next: "run `npm run console` and start the server again",
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
