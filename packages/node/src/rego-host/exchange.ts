import type { HttpAnswer, HttpFailure, HttpOutcome } from "custody/rego";
import { request as requestPlain } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

import { failureWords } from "./failure-words.ts";
import type { NetworkLimits, WireRequest } from "./protocol.ts";
import { followed } from "./redirects.ts";

const redirectLimit = 10;
const retryLimit = 10;
const [leastDelay, mostDelay] = [100, 5_000];

/** One request with what it leads to: redirects, and the same again after a failure, all within its time. */
export async function exchange(request: WireRequest, limits: NetworkLimits): Promise<HttpOutcome> {
  const asked = request.timeoutMilliseconds > 0 ? request.timeoutMilliseconds : Infinity;
  const milliseconds = Math.max(1, Math.min(asked, limits.timeLimitMilliseconds));
  const deadline = AbortSignal.timeout(limits.timeLimitMilliseconds);
  for (let attempt = 0; ; attempt++) {
    const signal = AbortSignal.any([deadline, AbortSignal.timeout(milliseconds)]);
    const outcome = await follow(request, { signal, sizeLimitBytes: limits.sizeLimitBytes });
    const isLast = attempt >= Math.min(request.retries, retryLimit) || deadline.aborted;
    if (outcome.kind === "answer" || isLast) return outcome;
    await sleep(Math.min(leastDelay * 2 ** attempt, mostDelay), undefined, { ref: false });
  }
}

interface Bounds {
  readonly signal: AbortSignal;
  readonly sizeLimitBytes: number;
}

async function follow(first: WireRequest, bounds: Bounds): Promise<HttpOutcome> {
  let request = first;
  for (let i = 0; i < redirectLimit; i++) {
    const outcome = await once(request, bounds);
    const next = outcome.kind === "answer" && first.followRedirects ? followed(request, outcome) : undefined;
    if (!next) return outcome;
    request = next;
  }
  return { kind: "network", message: `stopped after ${redirectLimit} redirects` };
}

async function once(request: WireRequest, bounds: Bounds): Promise<HttpOutcome> {
  try {
    const response = await respond(request, bounds.signal);
    return toAnswer(response, await readBody(response, bounds), bounds);
  } catch (error) {
    return failureOf(error as NodeJS.ErrnoException, request, bounds);
  }
}

function respond(request: WireRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, options } = optionsOf(request);
  const send = url.protocol === "https:" ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    send(url, { ...options, signal }, resolve)
      .on("error", reject)
      .end(request.body);
  });
}

/** `unix://localhost/path?socket=/run/a.sock` is HTTP over that socket. */
function optionsOf({ url: text, method, headers, tls }: WireRequest): { url: URL; options: RequestOptions } {
  const options = { method, headers: withDefaults(headers), agent: false as const, ...tls };
  if (!text.startsWith("unix:")) return { url: new URL(text), options };
  const url = new URL(text.replace(/^unix:/, "http:"));
  const socketPath = url.searchParams.get("socket") ?? "";
  url.searchParams.delete("socket");
  return { url, options: { ...options, socketPath } };
}

function withDefaults(headers: WireRequest["headers"]): Record<string, string> {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return {
    ...headers,
    ...(!names.has("user-agent") && { "User-Agent": "custody" }),
    ...(!names.has("accept-encoding") && { "Accept-Encoding": "gzip" }),
  };
}

async function readBody(response: IncomingMessage, { sizeLimitBytes }: Bounds): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > sizeLimitBytes) throw new Error(`the answer has more than ${sizeLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What was compressed on the way comes out plain, and its headers do not tell. */
function toAnswer(response: IncomingMessage, body: Buffer, { sizeLimitBytes }: Bounds): HttpAnswer {
  const { statusCode = 0, statusMessage = "", headersDistinct } = response;
  const { "transfer-encoding": _, ...headers } = headersDistinct;
  const isPacked = headers["content-encoding"]?.join() === "gzip" && body.length > 0;
  if (isPacked) {
    delete headers["content-encoding"];
    delete headers["content-length"];
  }
  return {
    kind: "answer",
    status: statusCode,
    statusText: `${statusCode} ${statusMessage}`,
    headers: headers as HttpAnswer["headers"],
    body: new Uint8Array(isPacked ? gunzipSync(body, { maxOutputLength: sizeLimitBytes }) : body),
  };
}

function failureOf(error: NodeJS.ErrnoException, { url }: WireRequest, { signal }: Bounds): HttpFailure {
  if (signal.aborted) return { kind: "timeout", message: "context deadline exceeded" };
  return { kind: "network", message: failureWords(error, url) };
}
