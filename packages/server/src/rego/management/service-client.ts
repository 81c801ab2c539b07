import { readFile } from "node:fs/promises";

import { CustodyError } from "custody/ground";
import type { ServiceConfig } from "custody/rego/config";

export interface ServiceRequest {
  readonly method: "GET" | "POST";
  /** Below the service's URL; empty for that itself. */
  readonly path: string;
  /** Another place that the service sent to. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** How much longer than usual the head of the answer may take. */
  readonly extraSeconds?: number;
  readonly signal: AbortSignal;
}

const bodyMilliseconds = 60_000;

/** Asks one service, with its headers and credentials. */
export class ServiceClient {
  readonly config: ServiceConfig;

  constructor(config: ServiceConfig) {
    this.config = config;
  }

  /** @throws CustodyError `server/service` where no answer came, or its token cannot be read. */
  async send({
    method,
    headers,
    body,
    extraSeconds = 0,
    signal,
    ...where
  }: ServiceRequest): Promise<Response> {
    const { headers: own, timeoutSeconds } = this.config;
    const target = targetOf(where.url ?? this.config.url, where.path);
    const all = { ...own, ...(await this.#credentials()), ...headers };
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), (timeoutSeconds + extraSeconds) * 1000);
    const end = AbortSignal.timeout(bodyMilliseconds + extraSeconds * 1000);
    try {
      const signals = [signal, late.signal, end];
      return await fetch(target, {
        method,
        headers: all,
        ...(body && { body }),
        signal: AbortSignal.any(signals),
      });
    } catch (cause) {
      const said = late.signal.aborted ? `did not answer within ${timeoutSeconds} s` : reason(cause);
      throw this.#fault(`${target}: ${said}`, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The header `Authorization`; a token in a file is read each time, for files of tokens are exchanged. */
  async #credentials(): Promise<Readonly<Record<string, string>>> {
    const { credentials } = this.config;
    if (!credentials) return {};
    const { scheme, token } = credentials;
    if (!("file" in token)) return { authorization: `${scheme} ${this.#encoded(token.reveal())}` };
    try {
      const read = (await readFile(token.file, "utf8")).trim();
      return { authorization: `${scheme} ${this.#encoded(read)}` };
    } catch (cause) {
      throw this.#fault(`${token.file}: the token cannot be read`, cause);
    }
  }

  /** A registry is given `user:password` in base64, as OPA does it. */
  #encoded(token: string): string {
    return this.config.protocol === "oci" ? Buffer.from(token).toString("base64") : token;
  }

  #fault(message: string, cause: unknown): CustodyError {
    return new CustodyError("server/service", message, { subject: this.config.name, cause });
  }
}

function targetOf(url: string, path: string): string {
  return path === "" ? url : `${url}/${path.replace(/^\/+/, "")}`;
}

function reason(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error && inner.message !== "" ? inner.message : "no answer";
}
