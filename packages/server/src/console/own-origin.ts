import { CustodyError } from "custody/ground";
import type { FastifyRequest } from "fastify";

/**
 * Refuses what a page of another site sends. A browser says where a request comes from: of this server are the host that was
 * asked and, behind a proxy that asks for another one, the origin of the public URL. Who is no browser carries no cookie that
 * it did not ask for.
 *
 * @throws CustodyError `console/foreign-origin`
 */
export function demandOwnOrigin({ headers }: FastifyRequest, publicUrl: string): void {
  const site = headers["sec-fetch-site"];
  const isOwnSite = site === undefined || site === "same-origin" || site === "none";
  if (isOwnSite && isOwnOrigin(headers, publicUrl)) return;
  throw new CustodyError("console/foreign-origin", "the request comes from another site", {
    next: `open the console at ${publicUrl}, or start the server with the --url under which it is opened`,
  });
}

function isOwnOrigin({ origin, host }: FastifyRequest["headers"], publicUrl: string): boolean {
  if (origin === undefined) return true;
  const from = URL.parse(origin);
  return from !== null && (from.host === host || from.origin === URL.parse(publicUrl)?.origin);
}
