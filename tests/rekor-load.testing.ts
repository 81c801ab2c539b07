import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { Agent, request } from "node:http";

/** A body for `POST /api/v2/log/entries`, and the hash that the entry must be about. */
export interface SignedRequest {
  readonly body: string;
  readonly digest: string;
}

/** A signer of hashedrekord requests, each with a real signature over a hash of its own. */
export function makeRequestSigner(): (content: string) => SignedRequest {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const rawBytes = publicKey.export({ format: "der", type: "spki" }).toString("base64");
  const verifier = { keyDetails: "PKIX_ECDSA_P256_SHA_256", publicKey: { rawBytes } };
  return (content) => {
    const digest = createHash("sha256").update(content).digest("base64");
    const signature = {
      content: sign("sha256", Buffer.from(content), privateKey).toString("base64"),
      verifier,
    };
    return { digest, body: JSON.stringify({ hashedRekordRequestV002: { digest, signature } }) };
  };
}

/** Rekor's answer to an entry: protobuf-specs' TransparencyLogEntry, as far as a client looks at it. */
export interface LoggedEntry {
  readonly logIndex: string;
  readonly canonicalizedBody: string;
  readonly inclusionProof: {
    readonly treeSize: string;
    readonly hashes: readonly string[];
    readonly checkpoint: { readonly envelope: string };
  };
}

const path = "/sigstore/rekor/api/v2/log/entries";

/** Connections that stay open to the log of a server, so many at a time. */
export class RekorLoad {
  readonly #agent: Agent;
  readonly #url: string;

  constructor(url: string, connections: number) {
    this.#url = `${url}${path}`;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The answer's body, once it is whole; rejects when the connection breaks or the answer is not 201. */
  post({ body }: SignedRequest): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(this.#url, { method: "POST", agent: this.#agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 201) resolve(text);
        else reject(new Error(`${response.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}
