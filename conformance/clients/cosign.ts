import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { verifyWithCustody } from "./custody.ts";
import type { ClientOutcome } from "./outcome.ts";
import { refused, tryAll } from "./outcome.ts";
import type { Scene } from "./scene.ts";
import { issuer } from "./scene.ts";

const execute = promisify(execFile);
const deadlineMilliseconds = 120_000;
const identity = "carol@clients.test";
const predicateType = "https://example.org/predicate/v1";

/** Stock cosign signs and verifies a file, an image and an attestation, knowing the server by its two configurations. */
export async function runCosign(scene: Scene, path: string): Promise<ClientOutcome[]> {
  const cosign = clientOf(scene, path);
  const bundle = join(scene.folder, "cosign.sigstore.json");
  const predicate = join(scene.folder, "predicate.json");
  await writeFile(predicate, JSON.stringify({ builder: "anything" }));
  const verifyBlob = (file: string, who = identity) =>
    cosign.verify("verify-blob", who, ["--bundle", bundle, file]);
  const verifyImage = (who = identity) => cosign.verify("verify", who, [scene.image]);
  const verifyAttestation = (type: string, who = identity) =>
    cosign.verify("verify-attestation", who, ["--type", type, scene.image]);
  return tryAll("cosign", [
    ["sign-blob", () => cosign.sign("sign-blob", ["--bundle", bundle, scene.artifact])],
    ["verify-blob", () => verifyBlob(scene.artifact)],
    [
      "verify-blob refuses another file",
      () => refused(() => verifyBlob(scene.otherArtifact), /match|invalid/i),
    ],
    [
      "verify-blob refuses another signer",
      () => refused(() => verifyBlob(scene.artifact, "bob@clients.test"), /bob@clients\.test/),
    ],
    ["custody verify-bundle verifies what cosign signed", () => verifyWithCustody(scene, bundle, identity)],
    ["verify refuses an image that is not signed", () => refused(() => verifyImage(), /no signatures/i)],
    ["sign", () => cosign.sign("sign", [scene.image])],
    ["verify", () => verifyImage()],
    [
      "verify refuses another signer",
      () => refused(() => verifyImage("bob@clients.test"), /bob@clients\.test/),
    ],
    ["attest", () => cosign.sign("attest", ["--predicate", predicate, "--type", predicateType, scene.image])],
    ["verify-attestation", () => verifyAttestation(predicateType)],
    [
      "verify-attestation refuses another type",
      () =>
        refused(() => verifyAttestation("https://example.org/other"), /none of the attestations matched/i),
    ],
    [
      "verify-attestation refuses another signer",
      () => refused(() => verifyAttestation(predicateType, "bob@clients.test"), /matching/i),
    ],
    [
      "initialize, from the repository's first root",
      () => cosign.call(["initialize", "--mirror", `${scene.url}/tuf`, "--root", scene.firstRoot]),
    ],
    ["sign-blob with what the repository says", () => signByRepository(scene, cosign, bundle)],
    [
      "verify-blob with what the repository says",
      () => cosign.call(["verify-blob", ...signerFlags(identity), "--bundle", bundle, scene.artifact]),
    ],
  ]);
}

async function signByRepository(scene: Scene, cosign: Cosign, bundle: string): Promise<void> {
  const token = await scene.tokenFor(identity);
  await cosign.call(["sign-blob", "--yes", "--identity-token", token, "--bundle", bundle, scene.artifact]);
}

function signerFlags(who: string): readonly string[] {
  return ["--certificate-identity", who, "--certificate-oidc-issuer", issuer];
}

interface Cosign {
  call(args: readonly string[]): Promise<void>;
  sign(command: string, args: readonly string[]): Promise<void>;
  verify(command: string, who: string, args: readonly string[]): Promise<void>;
}

function clientOf(scene: Scene, path: string): Cosign {
  const env = { PATH: process.env["PATH"], HOME: scene.folder, DOCKER_CONFIG: scene.folder };
  const call = async (args: readonly string[]): Promise<void> => {
    await execute(path, args, { env, cwd: scene.folder, timeout: deadlineMilliseconds });
  };
  const root = ["--trusted-root", scene.trustedRoot];
  return {
    call,
    async sign(command, args) {
      const token = await scene.tokenFor(identity);
      const services = ["--signing-config", scene.signingConfig, ...root];
      await call([command, "--yes", "--identity-token", token, ...services, ...args]);
    },
    verify: (command, who, args) => call([command, ...root, ...signerFlags(who), ...args]),
  };
}
