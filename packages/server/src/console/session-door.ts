import { CustodyError, formatInstant } from "custody/ground";
import type { Instant } from "custody/ground";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";

import { demandOwnOrigin } from "./own-origin.ts";
import { keepAnswersPrivate } from "./private-answers.ts";
import { clearSessionCookie, setSessionCookie, findSessionSecret } from "./session-cookie.ts";
import type { Sessions } from "./sessions.ts";

/** What the session's doors act through. */
export interface SessionPorts {
  readonly sessions: Sessions;
  /** Under which URL others reach the server. */
  readonly publicUrl: () => string;
}

const maxBodyBytes = 1024;
const bodyShape = v.strictObject({ link: v.pipe(v.string(), v.maxLength(100)) });

/**
 * `POST`, `GET` and `DELETE /session`: signing in with the secret of a link, being signed in, signing out.
 *
 * The cookie is HttpOnly and SameSite=Strict, and it opens reading only: no request that changes anything counts a session.
 */
export function openSessionDoor(app: FastifyInstance, { sessions, publicUrl }: SessionPorts): void {
  keepAnswersPrivate(app);
  app.post("/session", { bodyLimit: maxBodyBytes }, async (request, reply) => {
    demandOwnOrigin(request, publicUrl());
    const body = v.safeParse(bodyShape, request.body);
    const session = body.success ? await sessions.redeem(body.output.link) : undefined;
    if (!session) throw signInFault("the link was used, has run out, or is none");
    const { secret, expiresAt } = session;
    setSessionCookie(reply, { secret, expiresAt, publicUrl: publicUrl() });
    return reply.code(201).send({ expiresAt: formatInstant(expiresAt) });
  });
  app.get("/session", async (request) => {
    const expiresAt = await sessions.find(findSessionSecret(request, publicUrl()));
    if (expiresAt === undefined) throw signInFault("nobody is signed in");
    return { expiresAt: formatInstant(expiresAt) };
  });
  app.delete("/session", async (request, reply) => {
    demandOwnOrigin(request, publicUrl());
    const secret = findSessionSecret(request, publicUrl());
    if (secret !== undefined) await sessions.end(secret);
    clearSessionCookie(reply, publicUrl());
    return reply.code(204).send();
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

function signInFault(message: string): CustodyError<"console/signed-out"> {
  return new CustodyError("console/signed-out", message, {
    next: "run `custody console` on the server for a link that signs in",
  });
}
