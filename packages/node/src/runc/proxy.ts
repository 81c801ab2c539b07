import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer, request } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import { formatDigest } from "custody/ground";
import type { NetworkRecord } from "custody/runtime";

import type { Dial } from "./proxy-address.ts";
import { PrivateAddressError } from "./proxy-address.ts";

/** Where the proxy listens inside a sandbox. */
export const proxyPort = 3128;

const maxRecords = 10_000;
const hopHeaders: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const target = /^(\[[0-9a-f:.]+\]|[^:/@]+):(\d{1,5})$/i;

interface Answer {
  readonly decision: NetworkRecord["decision"];
  readonly reason: string;
  readonly status: number;
}

const refusals = {
  notListed: { decision: "refused", reason: "network/not-listed", status: 403 },
  privateAddress: { decision: "refused", reason: "network/private-address", status: 403 },
  malformed: { decision: "refused", reason: "network/malformed", status: 400 },
  unreachable: { decision: "allowed", reason: "network/unreachable", status: 502 },
} as const satisfies Record<string, Answer>;

/**
 * The one way out of a sandbox: an HTTP proxy (RFC 9110 §9.3.6, RFC 9112 §3.2.2) that connects to listed `host:port`s
 * and no others, and keeps a record of every request, refused ones too.
 */
export class Proxy {
  readonly records: NetworkRecord[] = [];
  readonly #server: Server;
  readonly #hosts: ReadonlySet<string>;
  readonly #dial: Dial;
  readonly #sockets = new Set<Duplex>();

  constructor(hosts: readonly string[], dial: Dial) {
    this.#hosts = new Set(hosts);
    this.#dial = dial;
    this.#server = createServer((incoming, answer) => {
      this.#forward(incoming, answer).catch(() => answer.destroy());
    });
    this.#server.on("connect", (incoming: IncomingMessage, inner: Duplex, head: Buffer) => {
      // What came together with the request belongs into the tunnel.
      if (head.length > 0) inner.unshift(head);
      this.#tunnel(incoming, inner).catch(() => inner.destroy());
    });
    this.#server.on("connection", (socket: Socket) => this.#track(socket));
  }

  async listen(path: string): Promise<void> {
    this.#server.listen(path);
    await once(this.#server, "listening");
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #forward(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = URL.parse(incoming.url ?? "");
    const host = url?.protocol === "http:" ? `${url.hostname}:${url.port === "" ? "80" : url.port}` : "";
    const opened = await this.#open(host);
    if (opened.kind === "refused") return this.#refuse(host, opened.answer, answer);
    try {
      await this.#exchange(
        { host, path: `${url?.pathname ?? "/"}${url?.search ?? ""}`, ...opened },
        incoming,
        answer,
      );
    } catch {
      this.#record(host, refusals.unreachable, 0);
      answer.destroy();
    }
  }

  async #exchange(
    to: { host: string; path: string; socket: Socket },
    incoming: IncomingMessage,
    answer: ServerResponse,
  ): Promise<void> {
    const outgoing = request({
      method: incoming.method,
      path: to.path,
      headers: {
        ...withoutHopHeaders(incoming.headers),
        host: to.host.replace(/:80$/, ""),
        connection: "close",
      },
      createConnection: () => to.socket,
    });
    // After the response has begun, what ends it early is told by the response itself.
    outgoing.on("error", () => undefined);
    incoming.pipe(outgoing);
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    answer.writeHead(response.statusCode ?? 502, withoutHopHeaders(response.headers));
    const meter = new Meter();
    await pipeline(response, meter, answer);
    const status = response.statusCode ?? 502;
    const record = { decision: "allowed", reason: "network/allowed", status } as const;
    this.#record(to.host, record, meter.bytes, formatDigest(meter.hash.digest()));
  }

  async #tunnel(incoming: IncomingMessage, inner: Duplex): Promise<void> {
    const host = incoming.url ?? "";
    inner.on("error", () => inner.destroy());
    const opened = await this.#open(host);
    if (opened.kind === "refused") {
      this.#record(host, opened.answer, 0);
      inner.end(`HTTP/1.1 ${opened.answer.status} ${opened.answer.reason}\r\n\r\n`);
      return;
    }
    inner.write("HTTP/1.1 200 Connection established\r\n\r\n");
    const meter = new Meter();
    await Promise.allSettled([pipeline(inner, opened.socket), pipeline(opened.socket, meter, inner)]);
    this.#record(host, { decision: "allowed", reason: "network/allowed", status: 200 }, meter.bytes);
  }

  async #open(host: string): Promise<{ kind: "open"; socket: Socket } | { kind: "refused"; answer: Answer }> {
    const [, name, port] = target.exec(host) ?? [];
    if (name === undefined || this.records.length >= maxRecords)
      return { kind: "refused", answer: refusals.malformed };
    if (!this.#hosts.has(host)) return { kind: "refused", answer: refusals.notListed };
    try {
      const socket = await this.#dial(name.replace(/^\[|\]$/g, ""), Number(port));
      this.#track(socket);
      return { kind: "open", socket };
    } catch (error) {
      const isPrivate = error instanceof PrivateAddressError;
      return { kind: "refused", answer: isPrivate ? refusals.privateAddress : refusals.unreachable };
    }
  }

  #refuse(host: string, refusal: Answer, answer: ServerResponse): void {
    this.#record(host, refusal, 0);
    answer.writeHead(refusal.status, { "content-type": "text/plain", connection: "close" });
    answer.end(`${refusal.reason}: ${host.slice(0, 200)}\n`);
  }

  #record(host: string, answer: Answer, bytes: number, digest?: NetworkRecord["digest"]): void {
    if (this.records.length < maxRecords)
      this.records.push({ host: host.slice(0, 300), ...answer, bytes, digest });
  }

  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
  }
}

/** Counts and hashes what passes. */
class Meter extends Transform {
  readonly hash = createHash("sha256");
  bytes = 0;

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
    done(null, chunk);
  }
}

function withoutHopHeaders(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)));
}
