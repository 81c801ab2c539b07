import { hasErrno } from "@custody/node/files";
import { CustodyError } from "custody/ground";
import type { FastifyInstance } from "fastify";

/**
 * Lets an app listen on `host:port`; port 0 takes a free one.
 *
 * @throws CustodyError `server/listen`.
 */
export async function listen(app: FastifyInstance, address: string): Promise<string> {
  const [, host = "", port = ""] = /^(.*):(\d{1,5})$/.exec(address.replace(/^https?:\/\//, "")) ?? [];
  if (port === "" || Number(port) > 65_535)
    throw new CustodyError("server/listen", `"${address}" is not host:port`, {
      next: "write it as localhost:8181",
    });
  try {
    return await app.listen({ host: host.replace(/^\[(.*)\]$/, "$1") || "::", port: Number(port) });
  } catch (cause) {
    const said = hasErrno(cause, "EADDRINUSE")
      ? "another program listens there already"
      : "it cannot listen there";
    throw new CustodyError("server/listen", `${address}: ${said}`, { subject: address, cause });
  }
}
