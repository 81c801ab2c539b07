import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "../../packages/cli/src/client.ts";
import { startServer } from "@custody/server";

/** A server that nobody has told anything but its trust domain, and a client's folder beside it. */
export interface Scene {
  readonly url: string;
  /** `host:port`, as image names begin. */
  readonly host: string;
  /** The client's: an artifact, another one, the server's two configurations, its login to the registry. */
  readonly folder: string;
  readonly artifact: string;
  readonly otherArtifact: string;
  readonly trustedRoot: string;
  readonly signingConfig: string;
  /** The first root of the server's TUF repository, which is at `url/tuf`. */
  readonly firstRoot: string;
  /** An image in the server's registry, `host:port/name@digest`. */
  readonly image: string;
  tokenFor(identity: string): Promise<string>;
  close(): Promise<void>;
}

const trustDomain = "clients.test";

/** Who vouches for the server's own tokens. */
export const issuer = `https://${trustDomain}`;

export async function openScene(say: (line: string) => void): Promise<Scene> {
  const top = await mkdtemp(join(tmpdir(), "custody-clients-"));
  const [directory, folder] = [join(top, "server"), join(top, "client")];
  const server = await startServer({ directory, listen: "127.0.0.1:0", trustDomain, install: false, say });
  await mkdir(folder);
  const { host } = new URL(server.url);
  const write = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const fetchText = async (path: string): Promise<string> => (await fetch(`${server.url}${path}`)).text();
  const login = `Basic ${Buffer.from(`custody:${server.token.reveal()}`).toString("base64")}`;
  await write("config.json", JSON.stringify({ auths: { [host]: { auth: login.slice("Basic ".length) } } }));
  const client = await Client.open({ dir: directory });
  return {
    url: server.url,
    host,
    folder,
    artifact: await write("artifact", "what is signed\n"),
    otherArtifact: await write("other", "what is not\n"),
    trustedRoot: await write("trusted_root.json", await fetchText("/trusted_root.json")),
    signingConfig: await write("signing_config.json", await fetchText("/signing_config.json")),
    firstRoot: await write("1.root.json", await fetchText("/tuf/1.root.json")),
    image: `${host}/app@${await pushImage(`${server.url}/v2/app`, login)}`,
    async tokenFor(identity) {
      const issued = await client.send<{ readonly token: string }>("POST", "/identity-tokens", { identity });
      return issued.token;
    },
    async close() {
      await server.stop();
      await rm(top, { recursive: true, force: true });
    },
  };
}

// The smallest image there is, by the registry's own protocol.
async function pushImage(url: string, authorization: string): Promise<string> {
  const send = async (method: string, path: string, type: string, body: Uint8Array<ArrayBuffer>) => {
    const headers = { authorization, "content-type": type };
    const response = await fetch(`${url}${path}`, { method, headers, body });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };
  const pushBlob = async (mediaType: string, text: string): Promise<object> => {
    const body = new TextEncoder().encode(text);
    const digest = digestOf(body);
    await send("POST", `/blobs/uploads/?digest=${digest}`, "application/octet-stream", body);
    return { mediaType, digest, size: body.length };
  };
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const configuration = { architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } };
  const config = await pushBlob("application/vnd.oci.image.config.v1+json", JSON.stringify(configuration));
  const layer = await pushBlob("application/vnd.oci.image.layer.v1.tar", "\0".repeat(1024));
  const manifest = new TextEncoder().encode(
    JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [layer] }),
  );
  await send("PUT", "/manifests/v1", mediaType, manifest);
  return digestOf(manifest);
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
