import { CustodyError, formatInstant } from "custody/ground";
import type { Instant } from "custody/ground";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as v from "valibot";

import type { Sessions } from "./sessions.ts";

/** What the session's doors act through. */
export interface SessionPorts {
  readonly sessions: Sessions;
  /** Under which URL others reach the server. */
  readonly publicUrl: () => string;
}

export const sessionCookie = "custody_session";

const maxBodyBytes = 1024;
const bodyShape = v.strictObject({ link: v.pipe(v.string(), v.maxLength(100)) });

/**
 * `POST`, `GET` and `DELETE /session`: signing in with the secret of a link, being signed in, signing out.
 *
 * The cookie is HttpOnly and SameSite=Strict, and it opens reading only: no request that changes anything counts a session.
 */
export function openSessionDoor(app: FastifyInstance, { sessions, publicUrl }: SessionPorts): void {
  app.post("/session", { bodyLimit: maxBodyBytes }, async (request, reply) => {
    demandOwnOrigin(request);
    const body = v.safeParse(bodyShape, request.body);
    const session = body.success ? await sessions.redeem(body.output.link) : undefined;
    if (!session) throw signInFault("the link was used, has run out, or is none");
    const { secret, expiresAt } = session;
    setCookie(reply, secret, { publicUrl: publicUrl(), expiresAt });
    return reply.code(201).send({ expiresAt: formatInstant(expiresAt) });
  });
  app.get("/session", async (request) => {
    const expiresAt = await sessions.find(request.cookies[sessionCookie]);
    if (expiresAt === undefined) throw signInFault("nobody is signed in");
    return { expiresAt: formatInstant(expiresAt) };
  });
  app.delete("/session", async (request, reply) => {
    demandOwnOrigin(request);
    const secret = request.cookies[sessionCookie];
    if (secret !== undefined) await sessions.end(secret);
    return reply.clearCookie(sessionCookie, { path: "/" }).code(204).send();
  });
}

/** Below the API, for whoever holds the server's token: another link. */
export function openLinkDoor(app: FastifyInstance, ports: SessionPorts): void {
  app.post("/sign-in-links", async (_request, reply) => {
    const { url, expiresAt } = await makeSignInLink(ports);
    return reply.code(201).send({ url, expiresAt: formatInstant(expiresAt) });
  });
}

/** A link that signs in once. Its secret is in the fragment: no server, proxy or referrer sees it. */
export async function makeSignInLink({
  sessions,
  publicUrl,
}: SessionPorts): Promise<{ readonly url: string; readonly expiresAt: Instant }> {
  const { secret, expiresAt } = await sessions.issueLink();
  return { url: `${publicUrl()}/sign-in#${secret}`, expiresAt };
}

// A browser says where a request comes from; who is no browser carries no cookie that it did not ask for.
function demandOwnOrigin({ headers }: FastifyRequest): void {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  const isOwn = origin === undefined || URL.parse(origin)?.host === host;
  if (isOwn && (site === undefined || site === "same-origin" || site === "none")) return;
  throw new CustodyError("console/foreign-origin", "the request comes from another site", {
    next: "open the console at this server's own address",
  });
}

function setCookie(
  reply: FastifyReply,
  secret: string,
  { publicUrl, expiresAt }: { readonly publicUrl: string; readonly expiresAt: Instant },
): void {
  void reply.setCookie(sessionCookie, secret, {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: publicUrl.startsWith("https:"),
    expires: new Date(expiresAt),
  });
}

function signInFault(message: string): CustodyError<"console/signed-out"> {
  return new CustodyError("console/signed-out", message, {
    next: "run `custody console` on the server for a link that signs in",
  });
}
