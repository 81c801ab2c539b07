import { nodeCrypto } from "@custody/node/crypto";
import { parseBundle, withdrawal } from "custody/evidence";
import type { Bundle, Statement } from "custody/evidence";
import { CustodyError, digestOf, hexOf, isDigest } from "custody/ground";
import type { Bytes } from "custody/ground";

import { Client } from "../client.ts";
import type { Call } from "../commands/call.ts";
import { getArgument } from "../commands/call.ts";
import { readFileBytes } from "../commands/read-file.ts";
import { exitCodes } from "../output.ts";
import { handIn } from "./hand-in.ts";
import type { SigningOptions } from "./sign-statement.ts";
import { signStatement } from "./sign-statement.ts";

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
}

const maxBundleBytes = 16 * 1024 * 1024;

/** `custody withdraw`: by its digest in the name of the server's trust domain, by its bundle as its signer. */
export async function withdraw(call: Call<WithdrawOptions>): Promise<number> {
  const word = getArgument(call, 0);
  const client = await Client.open(call.options);
  return isDigest(word) ? withdrawAsDomain(call, client, word) : withdrawAsSigner(call, client, word);
}

async function withdrawAsDomain(
  { options, output }: Call<WithdrawOptions>,
  client: Client,
  digest: string,
): Promise<number> {
  const { reason, supersededBy } = options;
  const request = { digest, reason, ...(supersededBy === undefined ? {} : { supersededBy }) };
  const done = await client.send<Withdrawn>("POST", "/withdrawals", request);
  output.result(done, [`${done.rendering}, log #${done.logIndex}`]);
  return exitCodes.yes;
}

async function withdrawAsSigner(
  { options, output }: Call<WithdrawOptions>,
  client: Client,
  file: string,
): Promise<number> {
  const said = await saidIn(file);
  const instead = options.supersededBy === undefined ? undefined : await saidIn(options.supersededBy);
  const statement: Statement = {
    subject: [{ name: "attestation", digest: { sha256: said.payload } }],
    predicateType: withdrawal.predicateType,
    predicate: {
      signer: { identity: said.identity, issuer: said.issuer },
      reason: options.reason,
      ...(instead ? { supersededBy: { digest: { sha256: instead.payload } } } : {}),
    },
  };
  const done = await handIn(client, await signStatement(client, statement, options), options);
  output.result(done, [
    done.kept
      ? `${done.kept.rendering}, log #${done.kept.logIndex}`
      : `${said.identity} withdrew sha256:${said.payload.slice(0, 12)}; give the bundle to whoever verifies`,
  ]);
  return exitCodes.yes;
}

async function saidIn(file: string): Promise<{ payload: string; identity: string; issuer: string }> {
  const { envelope, certificate } = readBundle(await readFileBytes(file, maxBundleBytes), file);
  const [identity] = certificate.uris;
  if (identity === undefined || certificate.oidcIssuer === undefined) {
    throw new CustodyError("cli/usage", `${file} was signed by nobody whose name is a URI`, {
      subject: file,
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
