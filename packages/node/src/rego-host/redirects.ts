import type { HttpAnswer } from "custody/rego";

import type { WireRequest } from "./protocol.ts";

/** The request that an answer leads to (RFC 9110 §15.4), or undefined where it leads nowhere. */
export function followed(request: WireRequest, answer: HttpAnswer): WireRequest | undefined {
  const [location] = answer.headers["location"] ?? [];
  if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.status)) return undefined;
  const from = new URL(request.url);
  const to = findUrl(location, from);
  if (!to) return undefined;
  const keepsMethod = answer.status >= 307 || ["GET", "HEAD"].includes(request.method);
  return {
    ...request,
    url: to.href,
    headers: headersFor(request.headers, {
      keepsBody: answer.status >= 307,
      isSameHost: from.host === to.host,
    }),
    ...(!keepsMethod && { method: "GET" }),
    ...(answer.status < 307 && { body: new Uint8Array() }),
  };
}

/** Where it leads, by HTTP only. */
function findUrl(location: string, from: URL): URL | undefined {
  const to = URL.parse(location, from.href);
  return to && ["http:", "https:"].includes(to.protocol) ? to : undefined;
}

interface Step {
  readonly keepsBody: boolean;
  readonly isSameHost: boolean;
}

const bodyHeaders = ["content-type", "content-length", "content-encoding"];
const secretHeaders = ["authorization", "cookie", "www-authenticate", "proxy-authorization"];

/** Another host learns no secrets, and none is told of a body that is not sent. */
function headersFor(
  headers: WireRequest["headers"],
  { keepsBody, isSameHost }: Step,
): WireRequest["headers"] {
  const dropped = new Set(["host", ...(keepsBody ? [] : bodyHeaders), ...(isSameHost ? [] : secretHeaders)]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name.toLowerCase())));
}
