import type { AttestationRecord, Delivery, Workload } from "custody/control";
import { readForwardRecords } from "custody/control";
import { toBase64 } from "custody/ground";
import type { Digest } from "custody/ground";

import { exportChain, findImage, imagesOf, notFound, processesOf } from "./queries.ts";
import type { QueryPorts } from "./queries.ts";
import { findThing } from "./things.ts";

/** All that a verifier needs to see for itself what a word stands for: the chains, as bytes, and what runs. */
export interface Chains {
  readonly thing: string;
  /** `forward` from a commit to all that came of it, `back` from anything else to its commit. */
  readonly direction: "back" | "forward";
  readonly chains: readonly ShownChain[];
  /** More images came of the commit than are shown. */
  readonly left: number;
  readonly processes: readonly Workload[];
  /** Deliveries of the commit, the newest first: why there is no chain, where there is none. */
  readonly deliveries: readonly Delivery[];
}

/** One chain: {@link exportChain}'s archive, each bundle in base64. */
interface ShownChain {
  readonly image: Digest;
  readonly repository: string;
  readonly policy: string;
  readonly bundles: readonly string[];
}

const maxChains = 20;
const maxDeliveries = 100;

/** The chains behind a word: the one of an image, a tag, a workload, a process, or all that came of a commit. */
export async function findChains(ports: QueryPorts, word: string): Promise<Chains> {
  const { control } = ports;
  const thing = await findThing(control, ports.resolveTag, word);
  if (thing.kind !== "commit") return findBack(ports, word);
  const records = await readForwardRecords(control, thing.id);
  const deliveries = await deliveriesOf(ports, thing.id);
  if (records.length === 0 && deliveries.length === 0)
    throw notFound(word, "no attestation and no delivery names this commit");
  const images = madeOf(records);
  const shown = images.slice(0, maxChains);
  return {
    thing: word,
    direction: "forward",
    chains: await Promise.all(shown.map((image) => show(ports, image))),
    left: images.length - shown.length,
    processes: await processesOf(control, images),
    deliveries,
  };
}

async function findBack(ports: QueryPorts, word: string): Promise<Chains> {
  const image = await findImage(ports, word);
  const chain = await show(ports, word.includes(":") && !word.startsWith("sha256:") ? word : image);
  return {
    thing: word,
    direction: "back",
    chains: [chain],
    left: 0,
    processes: await processesOf(ports.control, [image]),
    deliveries: [],
  };
}

// The newest first; two repositories' commits may build one image.
function madeOf(records: readonly AttestationRecord[]): Digest[] {
  return [...new Set(records.flatMap(imagesOf).toReversed())];
}

async function show(ports: QueryPorts, word: string): Promise<ShownChain> {
  const { image, repository, policy, bundles } = await exportChain(ports, word);
  return { image, repository, policy: toBase64(policy), bundles: bundles.map(toBase64) };
}

async function deliveriesOf({ control }: QueryPorts, commit: string): Promise<Delivery[]> {
  return control.deliveries.list({ commit, limit: maxDeliveries });
}
