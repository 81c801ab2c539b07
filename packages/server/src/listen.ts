import { hasErrno } from "@custody/node/files";
import { CustodyError } from "custody/ground";
import type { FastifyInstance } from "fastify";

/** Where a server listens; port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** @throws CustodyError `server/listen` for what is not `host:port`. */
export function parseListen(text: string): ListenAddress {
  const [, host = "", port = ""] = /^(.+):([0-9]{1,5})$/.exec(text) ?? [];
  if (host === "" || Number(port) > 65_535) {
    throw new CustodyError("server/listen", `"${text}" is not host:port`, {
      next: "write it as 127.0.0.1:7080",
    });
  }
  return { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

/**
 * Lets an app listen, and answers with its URL.
 *
 * @throws CustodyError `server/port-taken`, `server/listen`.
 */
export async function listen(app: FastifyInstance, address: ListenAddress): Promise<string> {
  try {
    return await app.listen(address);
  } catch (cause) {
    const isTaken = hasErrno(cause, "EADDRINUSE");
    const place = `${address.host}:${address.port}`;
    throw new CustodyError(
      isTaken ? "server/port-taken" : "server/listen",
      isTaken ? `another program listens on ${place} already` : `it cannot listen on ${place}`,
      { subject: place, next: "choose another place: --listen 127.0.0.1:0 takes a free port", cause },
    );
  }
}
