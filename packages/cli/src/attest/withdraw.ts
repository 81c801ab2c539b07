import { nodeCrypto } from "@custody/node/crypto";
import { parseBundle, planWithdrawal } from "custody/evidence";
import type { Bundle, SaidWords } from "custody/evidence";
import { CustodyError, digestOf, hexOf, isDigest } from "custody/ground";
import type { Bytes } from "custody/ground";

import { Client } from "../client.ts";
import type { Call } from "../commands/call.ts";
import { getArgument } from "../commands/call.ts";
import { readFileBytes } from "../commands/read-file.ts";
import { exitCodes } from "../output.ts";
import { handIn } from "./hand-in.ts";
import type { SigningOptions } from "./sign-statement.ts";
import { findSigner, signStatement } from "./sign-statement.ts";

export interface WithdrawOptions extends SigningOptions {
  readonly reason: string;
  readonly supersededBy?: string;
  readonly bundle?: string;
  readonly upload: boolean;
}

interface Withdrawn {
  readonly digest: string;
  readonly logIndex: number;
  readonly rendering: string;
  readonly isNew: boolean;
}

const maxBundleBytes = 16 * 1024 * 1024;

/** `custody withdraw`: by its digest in the name of the server's trust domain, by its bundle as its signer. */
export async function withdraw(call: Call<WithdrawOptions>): Promise<number> {
  const word = getArgument(call, 0);
  demandNoBrokenDigest(word);
  const client = await Client.open(call.options);
  return isDigest(word) ? withdrawAsDomain(call, client, word) : withdrawAsSigner(call, client, word);
}

// A file of such a name is ./sha256:…
function demandNoBrokenDigest(word: string): void {
  if (!/^sha(256|512):/.test(word) || isDigest(word)) return;
  throw new CustodyError(
    "cli/usage",
    `${word.slice(0, 160)} is not a digest: sha256 and 64 hexadecimal digits in lower case`,
    {
      next: "custody trace --json names attestations by their digests",
    },
  );
}

async function withdrawAsDomain(
  { options, output }: Call<WithdrawOptions>,
  client: Client,
  digest: string,
): Promise<number> {
  const { reason, supersededBy } = options;
  const request = { digest, reason, ...(supersededBy === undefined ? {} : { supersededBy }) };
  const done = await client.send<Withdrawn>("POST", "/withdrawals", request);
  output.result(done, [lineOf(done)]);
  return exitCodes.yes;
}

function lineOf({ rendering, logIndex, isNew }: Omit<Withdrawn, "digest">): string {
  return `${isNew ? "" : "it is withdrawn already: "}${rendering}, log #${logIndex}`;
}

async function withdrawAsSigner(
  { options, output }: Call<WithdrawOptions>,
  client: Client,
  file: string,
): Promise<number> {
  const said = await saidIn(file);
  const instead = options.supersededBy === undefined ? undefined : await saidIn(options.supersededBy);
  const statement = planWithdrawal(said, { reason: options.reason, instead });
  const earlier = options.upload ? await findEarlier(client, said, options) : undefined;
  if (earlier) {
    output.result(earlier, [lineOf(earlier)]);
    return exitCodes.yes;
  }
  const done = await handIn(client, await signStatement(client, statement, options), options);
  output.result(done, [
    done.kept
      ? lineOf(done.kept)
      : `${said.identity} withdrew sha256:${said.payload.slice(0, 12)}; give the bundle to whoever verifies`,
  ]);
  return exitCodes.yes;
}

// What the server would not count is refused by it before anything is signed.
async function findEarlier(
  client: Client,
  { payload, identity, issuer }: SaidWords,
  options: SigningOptions,
): Promise<Withdrawn | undefined> {
  const signer = await findSigner(client, options);
  const by = signer.uri ?? signer.names.join(", ");
  const query = { payload, identity, issuer, by, byIssuer: signer.issuer };
  const parts = { query, isOpen: !client.hasToken };
  const response = await client.request("GET", "/attestations/withdrawable", parts);
  return ((await response.json()) as { readonly earlier: Withdrawn | null }).earlier ?? undefined;
}

async function saidIn(file: string): Promise<SaidWords> {
  const { envelope, certificate } = readBundle(await readFileBytes(file, maxBundleBytes), file);
  const [identity] = certificate.uris;
  if (identity === undefined || certificate.oidcIssuer === undefined) {
    throw new CustodyError("cli/usage", `${file} was signed by nobody whose name is a URI`, {
      subject: file,
      next: "only what counts in a chain can be withdrawn, and that is signed by URIs; a mail address's word is for its readers to judge",
    });
  }
  return {
    payload: hexOf(digestOf(nodeCrypto, envelope.payload)),
    identity,
    issuer: certificate.oidcIssuer,
  };
}

function readBundle(bytes: Bytes, file: string): Bundle {
  try {
    return parseBundle(bytes);
  } catch (cause) {
    throw new CustodyError(
      "cli/usage",
      `${file} is no bundle that can be withdrawn: ${(cause as Error).message}`,
      {
        subject: file,
        next: "name the attestation's bundle, or its digest as custody trace --json has it",
        cause,
      },
    );
  }
}
