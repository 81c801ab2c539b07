import type { RepositoryPolicy, RuleSet, Sighting } from "custody/evidence";
import { compareSightings, policyRevisionOf, ruleSetRevisionOf, scopeText } from "custody/evidence";
import { artifactKeysOf } from "custody/graph";
import { CustodyError, digestOf } from "custody/ground";
import type { Clock, Crypto, Digest, Instant } from "custody/ground";

import type { Delivery } from "./delivery.ts";
import { isEnded } from "./delivery.ts";
import { payloadOf } from "./payload-of.ts";
import type {
  AttestationFilter,
  AttestationRecord,
  AttestationStore,
  DeliveryFilter,
  DeliveryStore,
  PolicyStore,
  Workload,
  WorkloadStore,
} from "./ports.ts";

/** The stores of the control loop: an attestation is kept together with the row that it proves. */
export interface ControlStores {
  readonly deliveries: DeliveryStore;
  readonly attestations: AttestationStore;
  readonly policies: PolicyStore;
  readonly workloads: WorkloadStore;
}

/** What the stores of one process share; every method changes it without a pause, which is its transaction. */
interface Rows {
  readonly deliveries: Map<string, DeliveryRow>;
  readonly attestations: Map<Digest, AttestationRecord>;
  readonly policies: Map<string, { readonly policy: RepositoryPolicy; readonly revision: Digest }>;
  readonly rules: Map<string, { readonly set: RuleSet; readonly revision: Digest }>;
  readonly workloads: Map<string, Workload>;
  readonly highWater: Map<string, Sighting>;
}

interface DeliveryRow {
  readonly delivery: Delivery;
  readonly owner?: string | undefined;
  readonly leaseUntil?: Instant | undefined;
}

/** {@link ControlStores} that last as long as the process. */
export function memoryControlStores(crypto: Pick<Crypto, "sha256">, clock: Clock): ControlStores {
  const rows: Rows = {
    deliveries: new Map(),
    attestations: new Map(),
    policies: new Map(),
    rules: new Map(),
    workloads: new Map(),
    highWater: new Map(),
  };
  return {
    deliveries: memoryDeliveries(rows, clock),
    attestations: memoryAttestations(rows, crypto),
    policies: memoryPolicies(rows, crypto),
    workloads: memoryWorkloads(rows),
  };
}

function memoryDeliveries(rows: Rows, clock: Clock): DeliveryStore {
  const leaseEnd = (seconds: number): Instant => (clock.now() + seconds * 1000) as Instant;
  const held = (id: string, epoch: number): DeliveryRow | undefined => {
    const row = rows.deliveries.get(id);
    return row?.delivery.epoch === epoch && !isEnded(row.delivery.phase) ? row : undefined;
  };
  return {
    async create({ id, repository, commit, ref }) {
      if (rows.deliveries.has(id)) throw taken(id);
      const createdAt = clock.now();
      const delivery: Delivery = {
        id,
        repository,
        commit,
        ref,
        createdAt,
        phase: "source",
        epoch: 0,
        state: {},
      };
      rows.deliveries.set(id, { delivery });
      return delivery;
    },
    async claim(owner, leaseSeconds) {
      const free = [...rows.deliveries.values()].find((row) => isFree(row, clock.now()));
      if (!free) return undefined;
      const delivery = { ...free.delivery, epoch: free.delivery.epoch + 1 };
      rows.deliveries.set(delivery.id, { delivery, owner, leaseUntil: leaseEnd(leaseSeconds) });
      return delivery;
    },
    async renew(id, epoch, leaseSeconds) {
      const row = held(id, epoch);
      if (row) rows.deliveries.set(id, { ...row, leaseUntil: leaseEnd(leaseSeconds) });
      return row !== undefined;
    },
    async advance({ id, epoch }, { phase, state }, attestations) {
      const row = held(id, epoch);
      if (!row) return false;
      rows.deliveries.set(id, {
        ...row,
        delivery: { ...row.delivery, phase, state: structuredClone(state) },
      });
      keep(rows, attestations);
      return true;
    },
    async release(owner) {
      for (const [id, row] of rows.deliveries) {
        if (row.owner === owner) rows.deliveries.set(id, { delivery: row.delivery });
      }
    },
    find: async (id) => rows.deliveries.get(id)?.delivery,
    list: async (filter) => listDeliveries(rows, filter),
  };
}

function listDeliveries(rows: Rows, { repository, commit, before, limit }: DeliveryFilter): Delivery[] {
  const all = [...rows.deliveries.values()].map(({ delivery }) => delivery).toReversed();
  const at = all.findIndex(({ id }) => id === before);
  const older = before === undefined ? all : at < 0 ? [] : all.slice(at + 1);
  return older
    .filter((one) => repository === undefined || one.repository === repository)
    .filter((one) => commit === undefined || one.commit === commit)
    .slice(0, limit);
}

function isFree({ delivery, leaseUntil }: DeliveryRow, now: Instant): boolean {
  return !isEnded(delivery.phase) && (leaseUntil === undefined || leaseUntil <= now);
}

function memoryAttestations(rows: Rows, crypto: Pick<Crypto, "sha256">): AttestationStore {
  return {
    find: async (digest) => rows.attestations.get(digest),
    async findByArtifacts(artifacts, filter = {}) {
      const wanted = new Set(artifacts);
      const found = [...rows.attestations.values()].filter(
        (record) =>
          (filter.predicateType ?? record.predicateType) === record.predicateType &&
          searchedKeysOf(crypto, record, filter).some((key) => wanted.has(key)),
      );
      return found.toSorted(compareSightings);
    },
    async countOfSigner(identity, since) {
      const all = [...rows.attestations.values()];
      return all.filter((one) => one.identity === identity && one.signedAt >= since).length;
    },
    add: async (attestations) => keep(rows, attestations),
  };
}

function searchedKeysOf(
  crypto: Pick<Crypto, "sha256">,
  record: AttestationRecord,
  { as }: AttestationFilter,
): string[] {
  const { materials, products } = record;
  const payload = as === "payload" ? payloadOf(crypto, record) : undefined;
  if (as === "payload") return payload ? [payload] : [];
  return artifactKeysOf([...(as === "product" ? [] : materials), ...(as === "material" ? [] : products)]);
}

function keep(rows: Rows, attestations: readonly AttestationRecord[]): void {
  for (const record of attestations) {
    if (!rows.attestations.has(record.digest)) rows.attestations.set(record.digest, record);
  }
}

function memoryPolicies(rows: Rows, crypto: Pick<Crypto, "sha256">): PolicyStore {
  return {
    findPolicy: async (repository) => rows.policies.get(repository)?.policy,
    findRevision: async (repository) => rows.policies.get(repository)?.revision,
    async setPolicy(policy, expected, attestation) {
      if (rows.policies.get(policy.repository)?.revision !== expected) return false;
      const revision = policyRevisionOf((bytes) => digestOf(crypto, bytes), policy);
      rows.policies.set(policy.repository, { policy: structuredClone(policy), revision });
      keep(rows, [attestation]);
      return true;
    },
    listRepositories: async () => [...rows.policies.keys()].toSorted(),
    findRules: async (scope) => rows.rules.get(scopeText(scope))?.set,
    async setRules(set, expected, attestation) {
      const key = scopeText(set.scope);
      if (rows.rules.get(key)?.revision !== expected) return false;
      const revision = ruleSetRevisionOf((bytes) => digestOf(crypto, bytes), set);
      rows.rules.set(key, { set: structuredClone(set), revision });
      keep(rows, [attestation]);
      return true;
    },
  };
}

function memoryWorkloads({ workloads, highWater }: Rows): WorkloadStore {
  return {
    list: async () => [...workloads.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    findWorkload: async (name) => workloads.get(name),
    async want(name, image) {
      const process = workloads.get(name)?.process;
      workloads.set(name, { name, image, desired: "running", ...(process ? { process } : {}) });
    },
    async setDesired(name, desired) {
      const workload = workloads.get(name);
      if (workload) workloads.set(name, { ...workload, desired });
      return workload !== undefined;
    },
    async observe(name, process, trouble) {
      const { image, desired } = workloads.get(name) ?? {};
      if (image === undefined || desired === undefined) return;
      const seen = { ...(process ? { process } : {}), ...(trouble === undefined ? {} : { trouble }) };
      workloads.set(name, { name, image, desired, ...seen });
    },
    findHighWater: async (name) => highWater.get(name),
    raiseHighWater: async (name, sighting) => {
      const found = highWater.get(name);
      if (!found || compareSightings(found, sighting) < 0) highWater.set(name, sighting);
    },
  };
}

function taken(id: string): CustodyError<"control/taken"> {
  return new CustodyError("control/taken", `there is a delivery ${id} already`, { subject: id });
}
