import type { Instant } from "custody/ground";
import type { FastifyReply, FastifyRequest } from "fastify";

import { findCredential } from "../token.ts";

const attributes = { path: "/", httpOnly: true, sameSite: "strict" } as const;

/**
 * The cookie's name at a server of this public URL. Cookies know no ports (RFC 6265 §8.5): with the port in the name, servers
 * of one host keep their sessions apart. Over HTTPS nobody but the host itself can set it (`__Host-`, RFC 6265bis §4.1.3.2).
 */
function sessionCookieOf(publicUrl: string): string {
  const port = URL.parse(publicUrl)?.port;
  return `${isHttps(publicUrl) ? "__Host-" : ""}custody_session${port ? `_${port}` : ""}`;
}

/** The secret of the session that a request comes with; undefined when it comes with none, or shows a token instead. */
export function findSessionSecret(
  { cookies, headers }: FastifyRequest,
  publicUrl: string,
): string | undefined {
  return findCredential(headers.authorization) === undefined
    ? cookies[sessionCookieOf(publicUrl)]
    : undefined;
}

interface IssuedCookie {
  readonly secret: string;
  readonly expiresAt: Instant;
  readonly publicUrl: string;
}

export function setSessionCookie(reply: FastifyReply, { secret, expiresAt, publicUrl }: IssuedCookie): void {
  void reply.setCookie(sessionCookieOf(publicUrl), secret, {
    ...attributes,
    secure: isHttps(publicUrl),
    expires: new Date(expiresAt),
  });
}

export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  void reply.clearCookie(sessionCookieOf(publicUrl), { ...attributes, secure: isHttps(publicUrl) });
}

function isHttps(url: string): boolean {
  return url.startsWith("https:");
}
