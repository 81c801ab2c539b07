import { nodeCrypto } from "@custody/node/crypto";
import type { Bundle } from "@sigstore/bundle";
import { bundleToJSON } from "@sigstore/bundle";
import { SigningConfig } from "@sigstore/protobuf-specs";
import { bundleBuilderFromSigningConfig, CIContextProvider } from "@sigstore/sign";
import { formatStatement, inTotoPayloadType, parseCertificate } from "custody/evidence";
import type { Statement } from "custody/evidence";
import type { Bytes } from "custody/ground";
import { CustodyError, parseJson, parseUtf8, utf8 } from "custody/ground";
import { findDigestArtifact, parseSigstoreRoot, verifySigstoreBundle } from "custody/sigstore";

import type { Client } from "../client.ts";
import { readFileBytes } from "../commands/read-file.ts";

/** How a statement is signed. */
export interface SigningOptions {
  /** A token, or the file that holds one; else from the environment, or the CI system's own. */
  readonly identityToken?: string;
  readonly signingConfig?: string;
  readonly trustedRoot?: string;
}

/** Whom a certificate is made out to. */
export interface Signer {
  readonly names: readonly string[];
  /** The one name that counts in a chain; mail addresses and user names do not. */
  readonly uri: string | undefined;
  readonly issuer: string;
}

const tokenVariables = ["CUSTODY_IDENTITY_TOKEN", "SIGSTORE_ID_TOKEN"];
const maxTokenBytes = 64 * 1024;
const maxConfigurationBytes = 8 * 1024 * 1024;
const audience = "sigstore";
/** An append waits for a checkpoint, and that for witnesses. */
const deadline = { timeout: 20_000, retry: { retries: 2 } };

/**
 * Signs a statement as whom the token is about, has it timed and logged as the signing configuration says, and gives the bundle
 * out when it verifies under the trusted root.
 *
 * @throws CustodyError `cli/no-identity`, `cli/sign` with the service's own words; `cli/sign` too when it does not verify.
 */
export async function signStatement(
  client: Client,
  statement: Statement,
  options: SigningOptions,
): Promise<Bytes> {
  const config = await readSigningConfig(client, options);
  const bundle = await build(config, await findToken(options.identityToken), formatStatement(statement));
  const bytes = utf8(JSON.stringify(bundleToJSON(bundle)));
  const root = await readOrFetch(client, options.trustedRoot, "/trusted_root.json");
  await readBack(bytes, statement, utf8(JSON.stringify(root)));
  return bytes;
}

/**
 * Whom the token is about, as the certificate says that it gets. No signature is logged or timed for it: what would be refused
 * in the end is so before anything is done.
 *
 * @throws CustodyError `cli/no-identity`, `cli/sign`.
 */
export async function findSigner(client: Client, options: SigningOptions): Promise<Signer> {
  const config = await readSigningConfig(client, options);
  const silent = { ...config, rekorTlogConfig: undefined, tsaConfig: undefined };
  const bundle = await build(silent, await findToken(options.identityToken), utf8("{}"));
  const { content } = bundle.verificationMaterial;
  if (content.$case !== "certificate") throw signFault("the certificate authority gave no certificate");
  const { uris, otherNames, oidcIssuer } = parseCertificate(new Uint8Array(content.certificate.rawBytes));
  return {
    names: [...uris, ...otherNames],
    uri: otherNames.length === 0 ? uris[0] : undefined,
    issuer: oidcIssuer ?? "",
  };
}

/**
 * Refuses a signer whom the server would not take anything in of.
 *
 * @throws CustodyError `cli/signer-name`.
 */
export function demandChainSigner({ uri, names }: Signer): void {
  if (uri !== undefined) return;
  const who = names.join(", ");
  throw new CustodyError("cli/signer-name", `${who} signs, and a chain's evidence is signed by URIs`, {
    subject: who,
    next: "keep the bundle for others to verify: --bundle FILE --no-upload; or sign as a URI",
  });
}

/** When a token ends that will be the same one later, too; undefined for one that is read or asked for anew. */
export function findFixedEnd({ identityToken }: SigningOptions): Date | undefined {
  const named = findNamedToken(identityToken);
  if (named === undefined || !looksLikeToken(named)) return undefined;
  const exp = endOf(named);
  return typeof exp === "number" && Number.isFinite(exp) ? new Date(exp * 1000) : undefined;
}

async function readSigningConfig(client: Client, { signingConfig }: SigningOptions): Promise<SigningConfig> {
  return SigningConfig.fromJSON(await readOrFetch(client, signingConfig, "/signing_config.json"));
}

async function build(signingConfig: SigningConfig, token: string, payload: Bytes): Promise<Bundle> {
  const builder = bundleBuilderFromSigningConfig({
    signingConfig,
    identityProvider: { getToken: () => Promise.resolve(token) },
    bundleType: "dsseEnvelope",
    fetchOptions: deadline,
  });
  const artifact = { data: Buffer.from(payload), type: inTotoPayloadType };
  return builder.create(artifact).catch((cause: unknown) => {
    throw signFault(wordsOf(cause), cause);
  });
}

async function findToken(given: string | undefined): Promise<string> {
  const named = findNamedToken(given);
  if (named !== undefined)
    return looksLikeToken(named) ? named : parseUtf8(await readFileBytes(named, maxTokenBytes)).trim();
  try {
    return await new CIContextProvider(audience).getToken();
  } catch (cause) {
    throw new CustodyError("cli/no-identity", "nothing says who signs", {
      next: `give --identity-token, set ${tokenVariables[0] ?? ""}, or let the CI system issue tokens for the audience ${audience}`,
      cause,
    });
  }
}

// Only told to whoever runs it: the certificate authority reads the token itself.
function endOf(token: string): unknown {
  try {
    const claims = parseJson(new Uint8Array(Buffer.from(token.split(".")[1] ?? "", "base64url")));
    return (claims as { readonly exp?: unknown } | null)?.exp;
  } catch {
    return undefined;
  }
}

function findNamedToken(given: string | undefined): string | undefined {
  return given ?? tokenVariables.map((name) => process.env[name]).find((value) => value !== undefined);
}

function looksLikeToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}

async function readOrFetch(client: Client, file: string | undefined, path: string): Promise<unknown> {
  return parseJson(
    file === undefined ? await client.fetchPublic(path) : await readFileBytes(file, maxConfigurationBytes),
  );
}

// Whoever signed: what is asked is whether all that the bundle holds is good under this root.
async function readBack(bundle: Bytes, statement: Statement, root: Bytes): Promise<void> {
  const [algorithm, hex] = Object.entries(statement.subject[0]?.digest ?? {})[0] ?? [];
  const artifact = findDigestArtifact(`${algorithm ?? ""}:${hex ?? ""}`);
  if (!artifact) throw signFault("the statement's subject has no digest");
  const verdict = await verifySigstoreBundle(
    { crypto: nodeCrypto },
    {
      bundle,
      artifact,
      root: parseSigstoreRoot(root),
      policy: { signer: { kind: "certificate", identity: "glob:**", issuer: "glob:**" } },
    },
  );
  if (verdict.kind !== "allowed")
    throw signFault(`the bundle does not verify: ${verdict.reasons[0].message}`);
}

function wordsOf(error: unknown): string {
  const { message, cause } = error as { readonly message: string; readonly cause?: unknown };
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function signFault(message: string, cause?: unknown): CustodyError {
  return new CustodyError("cli/sign", `the attestation could not be signed: ${message}`, {
    next: "see whether the server is up and takes tokens of this issuer: /sigstore/fulcio/api/v2/configuration",
    ...(cause === undefined ? {} : { cause }),
  });
}
