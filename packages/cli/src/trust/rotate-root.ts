import { nodeCrypto } from "@custody/node/crypto";
import { parsePublicKey } from "custody/evidence";
import { instantOf, parseBase64, utf8 } from "custody/ground";
import type { PublicKey, Signer } from "custody/ground";
import { parsePublicKeyPem } from "custody/sigstore";
import {
  addTufSignatures,
  demandUnexpired,
  isSignedFor,
  nextTufRoot,
  parseTufMetadata,
  signTufMetadata,
  tufKeyId,
  tufKeyOf,
} from "custody/tuf";
import type { TufMetadata } from "custody/tuf";

import { Client } from "../client.ts";
import type { Call } from "../commands/call.ts";
import { getArgument } from "../commands/call.ts";
import { exitCodes } from "../output.ts";
import { openKeys, readRoot, readSmallFile, writeNew } from "./root-file.ts";

export interface RotateOptions {
  readonly key: readonly string[];
  readonly days: number;
  /** Where the root goes instead of to the server, for others to sign. */
  readonly out?: string;
}

export interface RotateRootOptions extends RotateOptions {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly threshold?: number;
}

const clock = { now: () => instantOf(Date.now()) };

/** `custody trust rotate-root`: the next root, with other keys, another threshold, or only a later end. */
export async function rotateRoot(call: Call<RotateRootOptions>): Promise<number> {
  const { add, remove, threshold } = call.options;
  const keys: PublicKey[] = [];
  for (const path of add) keys.push(parsePublicKeyPem(Buffer.from(await readSmallFile(path)).toString()));
  const change = { add: keys, remove, ...(threshold === undefined ? {} : { threshold }) };
  return rotate(call, await Client.open(call.options), change);
}

/** `custody trust rotate-key online`: a new key for targets, snapshot and timestamp. */
export async function rotateOnlineKey(call: Call<RotateOptions>): Promise<number> {
  const client = await Client.open(call.options);
  const made = await client.send<{ readonly spki: string }>("POST", "/trust/online-keys", {});
  return rotate(call, client, { online: parsePublicKey(parseBase64(made.spki)) });
}

async function rotate(
  call: Call<RotateOptions>,
  client: Client,
  change: Omit<Parameters<typeof nextTufRoot>[2], "days">,
): Promise<number> {
  const { key, days, out } = call.options;
  const current = await rootInForce(client);
  const content = nextTufRoot({ crypto: nodeCrypto, clock }, current.signed, { ...change, days });
  const next = await signTufMetadata(nodeCrypto, "root", content, await openKeys(key));
  if (out === undefined) return publishTo(call, client, next);
  await writeNew(out, next.bytes);
  return sayProgress(call, out, { current, next });
}

/** `custody trust sign`: adds a signature to a root that others are to sign too; no server is asked. */
export async function sign(
  call: Call<{ readonly key: readonly string[]; readonly out: string }>,
): Promise<number> {
  const root = await readRoot(getArgument(call, 0));
  demandUnexpired(root, clock.now());
  const { signatures } = root;
  const { signed } = JSON.parse(Buffer.from(root.bytes).toString()) as { readonly signed: unknown };
  const next = await addTufSignatures(
    nodeCrypto,
    "root",
    { signed, signatures },
    await openKeys(call.options.key),
  );
  await writeNew(call.options.out, next.bytes);
  return sayProgress(call, call.options.out, { next });
}

/** `custody trust publish`: puts a root that enough keys have signed in force. */
export async function publish(call: Call): Promise<number> {
  const next = await readRoot(getArgument(call, 0));
  return publishTo(call, await Client.open(call.options), next);
}

async function publishTo({ output }: Call, client: Client, next: TufMetadata<"root">): Promise<number> {
  const body: unknown = JSON.parse(Buffer.from(next.bytes).toString());
  const done = await client.send<{ readonly version: number; readonly expires: string }>(
    "POST",
    "/trust/roots",
    body,
  );
  output.result(done, [`root ${done.version} is in force until ${done.expires}`]);
  return exitCodes.yes;
}

async function rootInForce(client: Client): Promise<TufMetadata<"root">> {
  const { root } = await client.get<{ readonly root: unknown }>("/trust");
  return parseTufMetadata(utf8(JSON.stringify(root)), "root");
}

// How far the collecting of signatures is: by the keys of the new root, and of the old one where it is known.
async function sayProgress(
  { output }: Call,
  path: string,
  { current, next }: { readonly current?: TufMetadata<"root">; readonly next: TufMetadata<"root"> },
): Promise<number> {
  const isEnough =
    (await isSignedFor(nodeCrypto, next.signed, "root", next)) &&
    (!current || (await isSignedFor(nodeCrypto, current.signed, "root", next)));
  const { threshold } = next.signed.roles.root;
  output.result({ file: path, version: next.signed.version, signatures: next.signatures.length, threshold }, [
    `${path}: root ${next.signed.version}, signed by ${next.signatures.length}, ${threshold} must`,
    isEnough
      ? `put it in force: custody trust publish ${path}`
      : `sign it with more keys: custody trust sign`,
  ]);
  return exitCodes.yes;
}

/** How a key is called: its id in the repository. */
export function keyIdOf({ publicKey }: Pick<Signer, "publicKey">): string {
  return tufKeyId(nodeCrypto, tufKeyOf(publicKey));
}
