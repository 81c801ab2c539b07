import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { bundleFromJSON, bundleToJSON } from "@sigstore/bundle";
import type { SerializedBundle } from "@sigstore/bundle";
import { SigningConfig, TrustedRoot } from "@sigstore/protobuf-specs";
import { bundleBuilderFromSigningConfig } from "@sigstore/sign";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";

import { verify } from "sigstore";

import { verifyWithCustody } from "./custody.ts";
import type { ClientCase, ClientOutcome } from "./outcome.ts";
import { refused, tryAll } from "./outcome.ts";
import type { Scene } from "./scene.ts";
import { issuer } from "./scene.ts";

const identity = "alice@clients.test";
const payloadType = "application/vnd.in-toto+json";

type Kind = "messageSignature" | "dsseEnvelope";

/** The npm client signs as its signing configuration says; it, and Custody's own verifier, verify. */
export function runSigstoreJs(scene: Scene): Promise<ClientOutcome[]> {
  const bundles = new Map<Kind, SerializedBundle>();
  const cases = (["messageSignature", "dsseEnvelope"] as const).flatMap((kind): ClientCase[] => [
    [`signs (${kind})`, async () => void bundles.set(kind, await signWith(scene, kind))],
    [`verifies (${kind})`, () => verifyWith(scene, bundles.get(kind), identity)],
    [
      `refuses another signer (${kind})`,
      () => refused(() => verifyWith(scene, bundles.get(kind), "bob@clients.test"), /identity/i),
    ],
    [
      `verifies with what the TUF repository says (${kind})`,
      () => verifyByRepository(scene, bundles.get(kind)),
    ],
    [`custody verify-bundle verifies (${kind})`, () => askCustody(scene, bundles.get(kind))],
  ]);
  return tryAll("sigstore (npm)", cases);
}

async function signWith(scene: Scene, kind: Kind): Promise<SerializedBundle> {
  const token = await scene.tokenFor(identity);
  const builder = bundleBuilderFromSigningConfig({
    signingConfig: SigningConfig.fromJSON(JSON.parse(await readFile(scene.signingConfig, "utf8"))),
    identityProvider: { getToken: () => Promise.resolve(token) },
    bundleType: kind,
  });
  const artifact = await readFile(scene.artifact);
  const signed =
    kind === "messageSignature" ? { data: artifact } : { data: statementOf(artifact), type: payloadType };
  return bundleToJSON(await builder.create(signed));
}

function statementOf(artifact: Buffer): Buffer {
  const sha256 = createHash("sha256").update(artifact).digest("hex");
  return Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "artifact", digest: { sha256 } }],
      predicateType: "https://example.org/predicate/v1",
      predicate: {},
    }),
  );
}

// A log entry, a time and a promise of the certificate log each: what Sigstore's clients ask of the public instance.
async function verifyWith(scene: Scene, bundle: SerializedBundle | undefined, who: string): Promise<void> {
  if (!bundle) throw new Error("there is no bundle");
  const root = TrustedRoot.fromJSON(JSON.parse(await readFile(scene.trustedRoot, "utf8")));
  const verifier = new Verifier(toTrustMaterial(root), {
    tlogThreshold: 1,
    tsaThreshold: 1,
    ctlogThreshold: 1,
  });
  const signed = toSignedEntity(bundleFromJSON(bundle), await readFile(scene.artifact));
  verifier.verify(signed, { subjectAlternativeName: who, extensions: { issuer } });
}

async function verifyByRepository(scene: Scene, bundle: SerializedBundle | undefined): Promise<void> {
  if (!bundle) throw new Error("there is no bundle");
  await verify(bundle, await readFile(scene.artifact), {
    tufMirrorURL: `${scene.url}/tuf`,
    tufRootPath: scene.firstRoot,
    tufCachePath: join(scene.folder, "tuf-cache"),
    certificateIdentityEmail: identity,
    certificateIssuer: issuer,
  });
}

async function askCustody(scene: Scene, bundle: SerializedBundle | undefined): Promise<void> {
  const path = join(scene.folder, "npm.sigstore.json");
  await writeFile(path, JSON.stringify(bundle));
  await verifyWithCustody(scene, path, identity);
  await refused(() => verifyWithCustody(scene, path, "bob@clients.test"), /sigstore\/identity-mismatch/);
}
