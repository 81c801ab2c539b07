import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Delivery, DeliveryEvent } from "custody/control";
import { parseJson } from "custody/ground";

import { custody } from "../demo/custody.ts";
import { makeExample } from "../demo/example.ts";
import type { ExampleRepository } from "../demo/example.ts";
import { LiveServer, makeFolder, makeServerDirectory, skip } from "../tests/live.testing.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { medianOf } from "./measure.ts";

const requests = 4000;
const atOnce = 16;
const freshRounds = 15;

/** A real server in a process of its own: a delivery by stage, then the gate's answers over HTTP. */
export const server: Benchmark = {
  name: "server",
  async run(say) {
    if (skip) return skip;
    const folder = await makeFolder("bench");
    let running: LiveServer | undefined;
    try {
      running = await LiveServer.start(await makeServerDirectory(join(folder, "custody")));
      const example = await makeExample("hello", folder);
      await deliver(running, example, "make the stemcells");
      say("delivered once, stemcells are there");
      const delivery = await deliver(running, example, "measure");
      return [...(await stagesOf(running, delivery)), ...(await measureAnswers(running, delivery, example))];
    } finally {
      await running?.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function deliver(running: LiveServer, example: ExampleRepository, content: string): Promise<Delivery> {
  const dir = ["--dir", running.directory];
  await example.write("VERSION", `${content}\n`);
  const commit = await example.commit(content, "ada");
  await setPolicy(running, example, "12h");
  const { exitCode, stdout } = await custody(["deliver", example.directory, "--json", ...dir]);
  if (exitCode !== 0) throw new Error(`the delivery of ${commit} ended with ${exitCode}: ${stdout}`);
  return JSON.parse(stdout) as Delivery;
}

async function setPolicy(
  { directory }: LiveServer,
  example: ExampleRepository,
  validFor: string,
): Promise<void> {
  const words = ["policy", "set", example.directory, "--signer", `ada=${example.keys.ada}`];
  const { exitCode } = await custody([...words, "--valid-for", validFor, "--dir", directory]);
  if (exitCode !== 0) throw new Error("the policy was not set");
}

/** The time of each stage, from the moments at which the server said that a hand-off was done. */
async function stagesOf(running: LiveServer, delivery: Delivery): Promise<Figure[]> {
  const { events } = await get<{ readonly events: readonly DeliveryEvent[] }>(
    running,
    `/deliveries/${delivery.id}/events?after=0&waitSeconds=0`,
  );
  const stages = new Map<string, number>();
  let last = delivery.createdAt as number;
  for (const { kind, phase, at } of events) {
    if (kind !== "finished") continue;
    stages.set(phase, (stages.get(phase) ?? 0) + at - last);
    last = at;
  }
  const beside = "second delivery of examples/hello, stemcells cached";
  const total = { what: "delivery, whole", value: last - delivery.createdAt, unit: "ms", beside };
  const rows = [...stages].map(([phase, value]) => ({
    what: `delivery: ${phase}`,
    value,
    unit: "ms",
    beside,
  }));
  return [...rows, total];
}

async function measureAnswers(
  running: LiveServer,
  { state }: Delivery,
  example: ExampleRepository,
): Promise<Figure[]> {
  const path = `/api/v1/verify?thing=${encodeURIComponent(state.image ?? "")}`;
  const fresh: number[] = [];
  for (let round = 0; round < freshRounds; round++) {
    await setPolicy(running, example, `${round + 13}h`);
    const start = performance.now();
    await read(running, path);
    fresh.push(performance.now() - start);
  }
  const perSecond = await requestRate(running, path);
  const bare = await requestRate(running, "/healthz");
  const kilobytes = Math.round((await read(running, path)).length / 1024);
  const beside = `${atOnce} at once, answers of ${kilobytes} kB; /healthz ${bare.toFixed(0)}/s`;
  return [
    {
      what: "gate over HTTP, verified anew",
      value: medianOf(fresh),
      unit: "ms",
      beside: `median of ${freshRounds}`,
    },
    { what: "gate over HTTP, looked up", value: perSecond, unit: "/s", beside },
    { what: "gate over HTTP, looked up", value: perSecond / bare, unit: "× /healthz", beside },
  ];
}

async function requestRate(running: LiveServer, path: string): Promise<number> {
  await Promise.all(Array.from({ length: atOnce * 8 }, () => read(running, path)));
  const start = performance.now();
  const client = async (): Promise<void> => {
    for (let i = 0; i < requests / atOnce; i++) await read(running, path);
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return (requests * 1000) / (performance.now() - start);
}

async function get<T>(running: LiveServer, path: string): Promise<T> {
  return parseJson(await read(running, `/api/v1${path}`)) as T;
}

/** The body of an answer, not looked into: what a client does with it is not the server's time. */
async function read({ url, directory }: LiveServer, path: string): Promise<Uint8Array> {
  const token = tokens.get(directory) ?? (await readFile(join(directory, "token"), "utf8")).trim();
  tokens.set(directory, token);
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const body = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw new Error(`${path}: ${response.status} ${Buffer.from(body).toString()}`);
  return body;
}

const tokens = new Map<string, string>();
