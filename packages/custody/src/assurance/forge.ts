import {
  buildCertificate,
  certifyFreshKey,
  certifyIntermediate,
  createRoot,
  sealStatement,
  textExtension,
} from "custody/authority";
import type { Statement, VerifiedBundle } from "custody/evidence";
import { Examination, examineBundle, fulcioIssuerOid } from "custody/evidence";
import type { RefusalCode } from "custody/evidence";
import type { Bytes, Clock, Verdict } from "custody/ground";
import { CustodyError, instantOf } from "custody/ground";
import { decide, Gates } from "custody/policy";
import type { GateQuestion } from "custody/policy";
import type { SpiffeId } from "custody/spiffe";

import type { ChainScene } from "./drill.ts";

const hourMilliseconds = 3_600_000;
/** id-kp-clientAuth (RFC 5280 §4.2.1.12). */
const clientAuthenticationOid = "1.3.6.1.5.5.7.3.2";

/** A bundle of the scene, verified and as it came. */
export interface SceneBundle {
  readonly bytes: Bytes;
  readonly verified: VerifiedBundle;
}

/** Asks the gate, with these checks off. */
export async function ask(
  { authorities, ports }: ChainScene,
  question: GateQuestion,
  without: readonly string[],
): Promise<Verdict<unknown>> {
  const examination = new Examination(without as readonly RefusalCode[]);
  return (
    await decide({ crypto: ports.crypto, gates: new Gates() }, authorities.trustedRoot, question, examination)
  ).verdict;
}

/** The scene's bundles that verify. */
export async function verifiedBundles(scene: ChainScene): Promise<readonly SceneBundle[]> {
  const found: SceneBundle[] = [];
  for (const bytes of scene.question.bundles) {
    const examined = await examineBundle(
      scene.ports.crypto,
      bytes,
      scene.authorities.trustedRoot,
      new Examination(),
    );
    if (examined.kind === "verified") found.push({ bytes, verified: examined.bundle });
  }
  return found;
}

/** The scene's bundle that this identity signed. */
export async function getBundle(scene: ChainScene, identity: SpiffeId): Promise<SceneBundle> {
  const own = (await verifiedBundles(scene)).find(({ verified }) => verified.identity === identity);
  if (own) return own;
  throw new CustodyError("assurance/scene", `the scene holds no attestation of ${identity}`);
}

/** The scene's question with one bundle exchanged, or left out. */
export function exchange(scene: ChainScene, old: Bytes, replacement: readonly Bytes[]): GateQuestion {
  const kept = scene.question.bundles.filter((bytes) => bytes !== old);
  return { ...scene.question, bundles: [...kept, ...replacement] };
}

/** Signs again, as whom one likes, what an identity of the scene has signed, changed. */
export async function resign(
  scene: ChainScene,
  identity: SpiffeId,
  change: (statement: Statement) => Statement,
  signer: SpiffeId = identity,
): Promise<GateQuestion> {
  const original = await getBundle(scene, identity);
  const forged = await scene.attest(signer, change(original.verified.statement));
  return exchange(scene, original.bytes, [forged.bytes]);
}

/** Signs now, with a certificate of the real authority that ran out long ago. */
export async function sealWithOldCertificate(
  { ports, authorities }: ChainScene,
  identity: SpiffeId,
  statement: Statement,
): Promise<Bytes> {
  const clock: Clock = { now: () => instantOf(ports.clock.now() - hourMilliseconds) };
  const certified = await certifyFreshKey({ ...ports, clock }, authorities, identity);
  return sealStatement(ports, authorities, certified, statement);
}

/** Signs with a certificate of an authority that has the real one's names and keys of its own. */
export async function sealWithOwnAuthority(
  { ports, authorities }: ChainScene,
  identity: SpiffeId,
  statement: Statement,
): Promise<Bytes> {
  const { trustDomain } = authorities;
  const [rootSigner, signer] = [await ports.keys.generate(), await ports.keys.generate()];
  const root = { certificate: await createRoot(ports, trustDomain, rootSigner), signer: rootSigner };
  const certificate = await certifyIntermediate(ports, root, { trustDomain, publicKey: signer.publicKey });
  const own = { ...authorities, intermediate: { certificate, signer } };
  return sealStatement(ports, authorities, await certifyFreshKey(ports, own, identity), statement);
}

/** Signs with a certificate that the real authority made out for the identity, but for TLS clients. */
export async function sealWithOtherPurpose(
  { ports, authorities }: ChainScene,
  identity: SpiffeId,
  statement: Statement,
): Promise<Bytes> {
  const signer = await ports.keys.generate();
  const start = ports.clock.now();
  const certificate = await buildCertificate(
    ports,
    {
      commonName: "",
      publicKey: signer.publicKey,
      validity: { start: instantOf(start - 5000), end: instantOf(start + 60_000) },
      name: { kind: "uri", uri: identity },
      extendedKeyUsage: clientAuthenticationOid,
      extensions: [textExtension(fulcioIssuerOid, `spiffe://${authorities.trustDomain}`)],
    },
    authorities.intermediate,
  );
  return sealStatement(ports, authorities, { certificate, signer }, statement);
}
