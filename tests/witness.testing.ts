import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";

const program = join(import.meta.dirname, "../packages/cli/src/main.ts");

/** `custody witness` in a process of its own. */
export class LiveWitness {
  readonly url: string;
  readonly vkeys: readonly string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { url, vkeys }: { url: string; vkeys: readonly string[] }) {
    this.url = url;
    this.vkeys = vkeys;
    this.#child = child;
  }

  static async start(
    directory: string,
    name: string,
    logs: string,
    listen = "127.0.0.1:0",
  ): Promise<LiveWitness> {
    const words = [
      "witness",
      "--json",
      "--dir",
      directory,
      "--name",
      name,
      "--logs",
      logs,
      "--listen",
      listen,
    ];
    const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.endsWith("}\n")) break;
    }
    return new LiveWitness(child, JSON.parse(said) as { url: string; vkeys: readonly string[] });
  }

  /** kill -9; returns when the process is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}

/** A developer with a key, whose signatures a server's log and timestamp authority see. */
export class Developer {
  readonly #url: string;
  readonly #key: KeyObject;
  /** PEM. */
  readonly publicKey: string;
  readonly #spki: string;

  constructor(url: string) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#url = url;
    this.#key = privateKey;
    this.publicKey = publicKey.export({ format: "pem", type: "spki" }) as string;
    this.#spki = publicKey.export({ format: "der", type: "spki" }).toString("base64");
  }

  /** SHA-256 of the key's SubjectPublicKeyInfo. */
  get keyDigest(): string {
    return `sha256:${createHash("sha256").update(Buffer.from(this.#spki, "base64")).digest("hex")}`;
  }

  /** Asks the log to take in a signature over the artifact. */
  async log(artifact: string): Promise<{ status: number; body: Record<string, unknown>; signature: Buffer }> {
    const signature = sign("sha256", Buffer.from(artifact), this.#key);
    const verifier = { keyDetails: "PKIX_ECDSA_P256_SHA_256", publicKey: { rawBytes: this.#spki } };
    const digest = createHash("sha256").update(artifact).digest("base64");
    const hashedRekordRequestV002 = {
      digest,
      signature: { content: signature.toString("base64"), verifier },
    };
    const response = await this.#post("/sigstore/rekor/api/v2/log/entries", { hashedRekordRequestV002 });
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, signature };
  }

  /** A Sigstore bundle over the artifact. */
  async bundle(artifact: string): Promise<object> {
    const { body: entry, signature } = await this.log(artifact);
    const artifactHash = createHash("sha256").update(signature).digest("base64");
    const stamped = await this.#post("/sigstore/tsa/api/v1/timestamp", {
      artifactHash,
      hashAlgorithm: "sha256",
    });
    const signedTimestamp = Buffer.from(await stamped.arrayBuffer()).toString("base64");
    return {
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: {
        publicKey: { hint: "key" },
        tlogEntries: [entry],
        timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp }] },
      },
      messageSignature: {
        messageDigest: {
          algorithm: "SHA2_256",
          digest: createHash("sha256").update(artifact).digest("base64"),
        },
        signature: signature.toString("base64"),
      },
    };
  }

  #post(path: string, body: object): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return fetch(`${this.#url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  }
}
