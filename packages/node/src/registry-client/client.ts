import { CustodyError } from "custody/ground";
import type { Bytes, Digest, Secret } from "custody/ground";

/** A registry to push to, and the password that lets one. */
export interface RegistryTarget {
  /** `http://host:port`, without a path. */
  readonly url: string;
  readonly user: string;
  readonly password: Secret<string>;
}

/** A blob or manifest to push; its content is opened only when the registry does not have it yet. */
export interface PushedBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly open: () => AsyncIterable<Uint8Array>;
}

const timeoutMilliseconds = 600_000;
const maxErrorBytes = 2000;

/** Pushes over the OCI distribution protocol (distribution-spec v1.1 §Push), as any client would. */
export class RegistryClient {
  readonly #target: RegistryTarget;

  constructor(target: RegistryTarget) {
    this.#target = target;
  }

  /**
   * Pushes a blob in one request after POST (§Pushing a blob monolithically). One that is there is left alone, and one
   * that the registry has elsewhere is mounted, where the registry does that (§Mounting a blob from another repository).
   */
  async pushBlob(repository: string, blob: PushedBlob): Promise<void> {
    const path = `/v2/${repository}/blobs/${blob.digest}`;
    if ((await this.#request("HEAD", path)).status === 200) return;
    const session = await this.#request("POST", `/v2/${repository}/blobs/uploads/?mount=${blob.digest}`);
    if (session.status === 201) return;
    if (session.status !== 202) throw await answerFault(session, `POST ${path}`);
    const location = new URL(session.headers.get("location") ?? "", this.#target.url);
    location.searchParams.set("digest", blob.digest);
    await this.#demand(201, "PUT", `${location.pathname}${location.search}`, {
      body: ReadableStream.from(blob.open()),
      type: "application/octet-stream",
      sizeBytes: blob.sizeBytes,
    });
  }

  /** Pushes a manifest under a tag or its digest (§Pushing Manifests). */
  async pushManifest(
    repository: string,
    reference: string,
    mediaType: string,
    content: Bytes,
  ): Promise<void> {
    await this.#demand(201, "PUT", `/v2/${repository}/manifests/${reference}`, {
      body: content,
      type: mediaType,
    });
  }

  async #demand(status: number, method: string, path: string, content?: Content): Promise<Response> {
    const response = await this.#request(method, path, content);
    if (response.status === status) return response;
    throw await answerFault(response, `${method} ${path}`);
  }

  async #request(method: string, path: string, content?: Content): Promise<Response> {
    const { url, user, password } = this.#target;
    const credentials = Buffer.from(`${user}:${password.reveal()}`).toString("base64");
    const headers = {
      authorization: `Basic ${credentials}`,
      ...(content ? { "content-type": content.type } : {}),
      ...(content?.sizeBytes === undefined ? {} : { "content-length": String(content.sizeBytes) }),
    };
    const body = content ? { body: content.body, duplex: "half" as const } : {};
    try {
      return await fetch(new URL(path, url), {
        method,
        headers,
        ...body,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
    } catch (cause) {
      throw new CustodyError("registry/unreachable", `the registry at ${url} does not answer`, { cause });
    }
  }
}

// A registry that fails may answer later; one that refuses will do so again.
async function answerFault(response: Response, subject: string): Promise<CustodyError> {
  const words = (await response.text()).slice(0, maxErrorBytes);
  const isPassing = response.status >= 500 || response.status === 429;
  const message = `the registry answered ${response.status} to ${subject}: ${words}`;
  return new CustodyError(isPassing ? "registry/unavailable" : "registry/push", message, { subject });
}

interface Content {
  readonly body: Bytes | ReadableStream<Uint8Array>;
  readonly type: string;
  readonly sizeBytes?: number;
}
