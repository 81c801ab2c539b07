import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";

import type { Delivery, DeliveryEvent } from "custody/control";
import { CustodyError } from "custody/ground";

import { Client, repositoryPath } from "../client.ts";
import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";
import { readRepositoryName } from "./repository-name.ts";

export interface DeliverOptions {
  readonly ref: string;
  readonly name?: string;
  readonly detach?: boolean;
}

type NumberedEvent = DeliveryEvent & { readonly number: number };

const execute = promisify(execFile);
const waitSeconds = "20";

/** `custody deliver`: sends the commit, then follows the delivery to its end. */
export async function deliver(call: Call<DeliverOptions>): Promise<number> {
  const { output, options } = call;
  const source = getArgument(call, 0);
  const client = await Client.open(options);
  const delivery = /^[a-z]+:\/\//.test(source)
    ? await deliverUrl(client, source, options)
    : await deliverDirectory(client, source, options);
  output.progress(`delivery ${delivery.id}: commit ${delivery.commit} of ${delivery.repository}`);
  const ended = options.detach ? delivery : await follow(client, delivery, output);
  output.result(ended, linesOf(ended));
  return exitCodeOf(ended);
}

async function deliverUrl(client: Client, url: string, { ref, name }: DeliverOptions): Promise<Delivery> {
  const repository = name ?? nameFromUrl(url);
  return client.send<Delivery>("POST", repositoryPath(repository, "/deliveries"), { url, ref });
}

function nameFromUrl(url: string): string {
  return (
    new URL(url).pathname
      .split("/")
      .at(-1)
      ?.replace(/\.git$/, "") ?? ""
  );
}

// The commit travels as a git bundle: the server need not see this directory, and takes in nothing but that commit.
async function deliverDirectory(
  client: Client,
  directory: string,
  { ref, name }: DeliverOptions,
): Promise<Delivery> {
  const repository = name ?? (await readRepositoryName(directory));
  const folder = await mkdtemp(join(tmpdir(), "custody-"));
  const path = join(folder, "commit.bundle");
  try {
    await bundle(directory, ref, path);
    const content = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
    const parts = { content, type: "application/x-git-bundle" };
    const response = await client.request("POST", repositoryPath(repository, "/deliveries"), parts);
    return (await response.json()) as Delivery;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundle(directory: string, ref: string, path: string): Promise<void> {
  try {
    await execute("git", ["-C", directory, "bundle", "create", "--quiet", path, ref]);
  } catch (cause) {
    const words = (cause as { stderr?: string }).stderr?.trim() ?? (cause as Error).message;
    throw new CustodyError("cli/git", `git cannot bundle ${ref} of ${directory}: ${words}`, {
      subject: directory,
      next: "commit something, or name a reference with --ref",
      cause,
    });
  }
}

async function follow(client: Client, started: Delivery, output: Call["output"]): Promise<Delivery> {
  let after = 0;
  let since: number = started.createdAt;
  for (;;) {
    const { events, delivery } = await client.get<{ events: NumberedEvent[]; delivery: Delivery }>(
      `/deliveries/${started.id}/events`,
      { after: String(after), waitSeconds },
    );
    for (const event of events) {
      output.progress(lineOf(event, since));
      if (event.kind === "finished") since = event.at;
    }
    after = events.at(-1)?.number ?? after;
    if (events.length === 0 && hasEnded(delivery)) return delivery;
  }
}

// Both times are of the server's clock.
function lineOf({ phase, kind, message, at }: NumberedEvent, since: number): string {
  if (kind !== "finished") return `  ${phase}: ${message}`;
  return `✓ ${phase} (${((at - since) / 1000).toFixed(1)} s): ${message}`;
}

function hasEnded({ phase }: Delivery): boolean {
  return ["done", "refused", "undecided", "failed"].includes(phase);
}

function exitCodeOf({ phase }: Delivery): number {
  if (phase === "refused") return exitCodes.refused;
  return phase === "undecided" || phase === "failed" ? exitCodes.undecided : exitCodes.yes;
}

function linesOf({ id, phase, repository, state }: Delivery): string[] {
  const reasons = (state.reasons ?? []).map(
    ({ code, subject, message }) => `  ${code} (${subject}): ${message}`,
  );
  const image = state.image ? [`  image ${state.image}`] : [];
  return [`delivery ${id} of ${repository}: ${phase}`, ...image, ...reasons];
}
