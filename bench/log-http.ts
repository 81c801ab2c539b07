import { rm } from "node:fs/promises";
import { join } from "node:path";

import { LiveServer, makeFolder, makeServerDirectory, skip } from "../tests/live.testing.ts";
import { makeRequestSigner, RekorLoad } from "../tests/rekor-load.testing.ts";
import type { RequestKind, SignedRequest } from "../tests/rekor-load.testing.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { medianOf } from "./measure.ts";

const connections = 128;
/** Enough for some seconds each: the two kinds are verified at very different speeds. */
const perClient: Readonly<Record<RequestKind, number>> = { dsse: 3000, hashedrekord: 750 };
const singles = 100;

/**
 * Entries over Rekor's API into `custody up`, each with a signature that the server verifies, and answered
 * when it is durable and proved; signed before the clock starts. The clients share the machine with the server.
 */
export const logHttp: Benchmark = {
  name: "log",
  async run(say) {
    if (skip) return skip;
    const folder = await makeFolder("bench");
    const server = await LiveServer.start(await makeServerDirectory(join(folder, "custody")));
    try {
      await appendMany(server.url, makeRequests("dsse", perClient.dsse), connections);
      const figures: Figure[] = [await measureOne(server.url)];
      for (const kind of ["dsse", "hashedrekord"] as const) {
        for (const clients of [1, 2, 4]) {
          say(`${kind}, ${clients} clients`);
          figures.push(await measureMany(server.url, kind, clients));
        }
      }
      return figures;
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function makeRequests(kind: RequestKind, count: number): SignedRequest[] {
  const sign = makeRequestSigner(kind);
  return Array.from({ length: count }, (_, i) => sign(`${performance.now()} ${i}`));
}

async function measureOne(url: string): Promise<Figure> {
  const load = new RekorLoad(url, 1);
  const times: number[] = [];
  for (const request of makeRequests("dsse", singles)) {
    const start = performance.now();
    await load.post(request);
    times.push(performance.now() - start);
  }
  load.close();
  const what = "log over HTTP, one entry until its proof is there";
  return { what, value: medianOf(times), unit: "ms", beside: `median of ${singles}` };
}

async function measureMany(url: string, kind: RequestKind, clients: number): Promise<Figure> {
  const shares = Array.from({ length: clients }, () => makeRequests(kind, perClient[kind]));
  const start = performance.now();
  await Promise.all(shares.map((share) => appendMany(url, share, connections)));
  const value = (1000 * clients * perClient[kind]) / (performance.now() - start);
  const beside = `${clients} × ${connections} connections; ECDSA P-256 verified`;
  return { what: `log over HTTP, ${kind}, ${clients} clients`, value, unit: "/s", beside };
}

async function appendMany(url: string, requests: readonly SignedRequest[], atOnce: number): Promise<void> {
  const load = new RekorLoad(url, atOnce);
  const rest = requests.values();
  const connection = async (): Promise<void> => {
    for (const request of rest) await load.post(request);
  };
  await Promise.all(Array.from({ length: atOnce }, connection));
  load.close();
}
