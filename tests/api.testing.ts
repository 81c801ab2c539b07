import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import type { Delivery, Workload } from "custody/control";
import { isEnded } from "custody/control";

import type { ExampleRepository } from "../demo/example.ts";

const execute = promisify(execFile);

/** Where a server is, and where its token lies. */
export interface ApiServer {
  readonly url: string;
  readonly directory: string;
}

export interface ApiRequest {
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly token?: string;
}

/** An answer of the API; `code` is that of a problem document. */
export interface ApiAnswer {
  readonly status: number;
  readonly code: string | undefined;
  readonly next: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends one request to the API as anybody might write it. */
export async function ask(
  { url, directory }: ApiServer,
  line: string,
  { body, type = "application/json", token }: ApiRequest = {},
): Promise<ApiAnswer> {
  const [method = "", path = ""] = line.split(" ");
  const bearer = token ?? (await readFile(join(directory, "token"), "utf8")).trim();
  const content = body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) };
  const headers = {
    authorization: `Bearer ${bearer}`,
    ...(body === undefined ? {} : { "content-type": type }),
  };
  const response = await fetch(`${url}/api/v1${path}`, { method, headers, ...content });
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  const word = (name: string): string | undefined =>
    typeof answer[name] === "string" ? answer[name] : undefined;
  return { status: response.status, code: word("code"), next: word("next"), body: answer };
}

/** A git bundle of a reference, as `custody deliver` sends it. */
export async function bundleOf(example: ExampleRepository, ...refs: readonly string[]): Promise<Uint8Array> {
  const path = `${example.directory}.bundle`;
  const names = refs.length > 0 ? refs : ["HEAD"];
  await execute("git", ["-C", example.directory, "bundle", "create", "--quiet", path, ...names]);
  return new Uint8Array(await readFile(path));
}

/** Delivers what the example's HEAD is; answers when the server has taken it in. */
export async function send(server: ApiServer, example: ExampleRepository, name: string): Promise<Delivery> {
  const { status, body } = await ask(server, `POST /repositories/${name}/deliveries`, {
    body: await bundleOf(example),
    type: "application/x-git-bundle",
  });
  if (status !== 201) throw new Error(`the delivery was not taken in: ${JSON.stringify(body)}`);
  return body as unknown as Delivery;
}

async function readDelivery(server: ApiServer, id: string): Promise<Delivery> {
  return (await ask(server, `GET /deliveries/${id}`)).body as unknown as Delivery;
}

/** Polls a delivery until it is as wanted. */
export async function awaitDelivery(
  server: ApiServer,
  id: string,
  isWanted: (delivery: Delivery) => boolean = ({ phase }) => isEnded(phase),
  seconds = 60,
): Promise<Delivery> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const delivery = await readDelivery(server, id);
    if (isWanted(delivery)) return delivery;
    if (performance.now() > end) throw new Error(`delivery ${id} stays in ${delivery.phase}`);
    await sleep(15);
  }
}

export async function readEvents(server: ApiServer, id: string): Promise<readonly string[]> {
  const { body } = await ask(server, `GET /deliveries/${id}/events`);
  return (body["events"] as readonly { message: string }[]).map(({ message }) => message);
}

export async function findWorkload(server: ApiServer, name: string): Promise<Workload | undefined> {
  const { workloads } = (await ask(server, "GET /workloads")).body as { workloads: readonly Workload[] };
  return workloads.find((workload) => workload.name === name);
}
