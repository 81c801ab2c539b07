import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { Agent, request } from "node:http";

import { preAuthEncode } from "custody/dsse";
import { toBase64, utf8 } from "custody/ground";

/** A body for `POST /api/v2/log/entries`, and the hash that the entry must be about. */
export interface SignedRequest {
  readonly body: string;
  readonly digest: string;
}

/** The two kinds of entry: of a digest that was signed, and of a DSSE envelope. */
export type RequestKind = "hashedrekord" | "dsse";

const payloadType = "text/plain";

/** A signer of requests of one kind, each with a real signature (ECDSA P-256) over a content of its own. */
export function makeRequestSigner(kind: RequestKind): (content: string) => SignedRequest {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const rawBytes = publicKey.export({ format: "der", type: "spki" }).toString("base64");
  const verifier = { keyDetails: "PKIX_ECDSA_P256_SHA_256", publicKey: { rawBytes } };
  const signatureOf = (data: Uint8Array): string => sign("sha256", data, privateKey).toString("base64");
  return (content) => {
    const payload = utf8(content);
    const digest = createHash("sha256").update(payload).digest("base64");
    if (kind === "hashedrekord") {
      const signature = { content: signatureOf(payload), verifier };
      return { digest, body: JSON.stringify({ hashedRekordRequestV002: { digest, signature } }) };
    }
    const signatures = [{ sig: signatureOf(preAuthEncode(payloadType, payload)) }];
    const envelope = { payloadType, payload: toBase64(payload), signatures };
    return { digest, body: JSON.stringify({ dsseRequestV002: { envelope, verifiers: [verifier] } }) };
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
