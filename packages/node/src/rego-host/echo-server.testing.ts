import { createServer as createPlain } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { parentPort, workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";

/*
 * Run as a thread by the tests of `http.send`, whose callers sleep: servers over TCP, TLS and a socket's path. They
 * answer what they were asked.
 */
export interface EchoSettings {
  readonly certificate: string;
  readonly key: string;
  readonly socketPath: string;
}

export interface EchoPorts {
  readonly plain: number;
  readonly secure: number;
}

let requests = 0;

const routes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  "/slow": () => undefined,
  "/large": (_, response) => void response.end("x".repeat(100_000)),
  "/bomb": (_, response) =>
    void response.setHeader("content-encoding", "gzip").end(gzipSync("x".repeat(10_000_000))),
  "/packed": (_, response) => void response.setHeader("content-encoding", "gzip").end(gzipSync("plain")),
  "/gone": ({ socket }) => void socket.destroy(),
  "/loop": (_, response) => void response.writeHead(302, { location: "/loop" }).end(),
  "/moved": (_, response) => void response.writeHead(302, { location: "/echo" }).end(),
  "/kept": (_, response) => void response.writeHead(307, { location: "/echo" }).end(),
  "/elsewhere": ({ headers }, response) =>
    void response
      .writeHead(307, { location: `http://${headers.host?.replace("127.0.0.1", "localhost")}/echo` })
      .end(),
  "/yaml": (_, response) => void response.setHeader("content-type", "application/yaml").end("a: [1, 2]\n"),
  "/text": (_, response) =>
    void response.setHeader("x-many", ["1", "2"]).setHeader("content-type", "text/plain").end('{"a": 1}'),
  "/broken": (_, response) => void response.setHeader("content-type", "application/json").end("{"),
  "/missing": (_, response) => void response.writeHead(404, "Not Here").end(),
  "/failing": (_, response) => void response.writeHead(500).end(String(++requests)),
  "/count": (_, response) => void response.end(String(++requests)),
};

function clientName({ socket }: IncomingMessage): string | null {
  if (!("getPeerCertificate" in socket)) return null;
  return (socket as TLSSocket).getPeerCertificate().subject?.CN?.toString() ?? null;
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request;
  const seen = { method, url, headers, body: await text(request), client: clientName(request) };
  response.setHeader("content-type", "application/json; charset=utf-8").end(JSON.stringify(seen));
}

const listener: RequestListener = (request, response) => {
  const route = routes[request.url ?? ""];
  if (route) route(request, response);
  else void echo(request, response);
};

function listening(server: Server, at: number | string): Promise<number> {
  return new Promise((resolve) => {
    const ready = (): void => resolve((server.address() as AddressInfo).port);
    if (typeof at === "string") server.listen(at, ready);
    else server.listen(at, "127.0.0.1", ready);
  });
}

const { certificate, key, socketPath } = workerData as EchoSettings;
const secure = { key, cert: certificate, requestCert: true, rejectUnauthorized: false };
await listening(createPlain(listener), socketPath);
const ports: EchoPorts = {
  plain: await listening(createPlain(listener), 0),
  secure: await listening(createSecure(secure, listener), 0),
};
const port = parentPort;
if (port) port.postMessage(ports);
