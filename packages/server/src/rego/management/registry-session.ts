import { parseJson } from "custody/ground";
import type { Json } from "custody/ground";

import { bundleFault, emptyBody, readBounded } from "./bundle-origin.ts";
import type { ServiceClient } from "./service-client.ts";

const answerLimitBytes = 65_536;
/** Asks for parts of one repository; gets itself a token where the registry sends it for one. */
export class RegistrySession {
  readonly #client: ServiceClient;
  readonly #repository: string;
  #token: string | undefined;

  constructor(client: ServiceClient, repository: string) {
    this.#client = client;
    this.#repository = repository;
  }

  /**
   * A part of the repository: `manifests/1.0`, `blobs/sha256:…`.
   *
   * @throws CustodyError `server/bundle` for an answer that is none of 200; `server/service` for none.
   */
  async get(part: string, accept: string, signal: AbortSignal): Promise<Response> {
    const first = await this.#ask(part, accept, signal);
    const challenge = first.status === 401 ? first.headers.get("www-authenticate") : null;
    const realm = challenge === null ? undefined : this.#realm(challenge);
    if (!realm) return this.#demand(first, part);
    await first.body?.cancel();
    this.#token = await this.#exchange(realm, signal);
    return this.#demand(await this.#ask(part, accept, signal), part);
  }

  #ask(part: string, accept: string, signal: AbortSignal): Promise<Response> {
    return this.#client.send({
      method: "GET",
      path: `v2/${this.#repository}/${part}`,
      headers: { accept, ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }) },
      signal,
    });
  }

  async #demand(response: Response, part: string): Promise<Response> {
    if (response.status === 200) return response;
    await response.body?.cancel();
    const place = `${this.#client.config.url}/v2/${this.#repository}/${part}`;
    throw bundleFault(`${place} answered ${response.status}`, response.status);
  }

  /** Where tokens are (the token authentication of Docker's registry); never in the clear where the registry is not. */
  #realm(challenge: string): URL | undefined {
    const [, realm] = /^Bearer .*?realm="([^"]+)"/i.exec(challenge) ?? [];
    if (realm === undefined || !URL.canParse(realm)) return undefined;
    const url = new URL(realm);
    const isSafe = url.protocol === "https:" || url.protocol === new URL(this.#client.config.url).protocol;
    if (!isSafe) throw bundleFault(`the registry sends for a token to ${url.origin}, in the clear`);
    const [, service] = /service="([^"]+)"/i.exec(challenge) ?? [];
    if (service !== undefined) url.searchParams.set("service", service);
    url.searchParams.set("scope", `repository:${this.#repository}:pull`);
    return url;
  }

  async #exchange(realm: URL, signal: AbortSignal): Promise<string> {
    const response = await this.#client.send({ method: "GET", url: realm.href, path: "", signal });
    const body = await readBounded(response.body ?? emptyBody(), answerLimitBytes);
    const token = response.ok ? findToken(parseJson(body, tokenLimits)) : undefined;
    if (token !== undefined) return token;
    throw bundleFault(`${realm.origin} gave no token: it answered ${response.status}`, response.status);
  }
}

const tokenLimits = { sizeBytes: answerLimitBytes, depth: 8 };

/** The token, which goes by one of two names. */
function findToken(answer: Json): string | undefined {
  const members = typeof answer === "object" && answer !== null ? Object.entries(answer) : [];
  const token = members.find(([name]) => name === "token" || name === "access_token")?.[1];
  return typeof token === "string" && token !== "" ? token : undefined;
}
