import type { Statement } from "custody/evidence";
import { policyRevisionOf, run } from "custody/evidence";
import { CustodyError, digestOf, formatInstant, hexOf } from "custody/ground";
import type { Digest, Verdict } from "custody/ground";
import { artifactNames, findAdmission, summarize } from "custody/policy";
import type { Decision } from "custody/policy";
import type { RunningSandbox } from "custody/runtime";

import { recordOf } from "./attestation-record.ts";
import { readChainRecords } from "./chain-records.ts";
import type { ControlPorts } from "./context.ts";
import type { Workload } from "./ports.ts";
import { decideOn, resourceOf } from "./hand-offs/gate.ts";
import { awaitHealthy } from "./health.ts";

/**
 * Keeps running what should run: one process a workload, of exactly the admitted digest.
 *
 * The rows of {@link ControlPorts.workloads} say what is wanted; the keeper compares them with what it runs and acts on
 * the difference, so that calling it again is always right. What it runs ends with this process.
 */
export class Keeper {
  readonly #ports: ControlPorts;
  readonly #running = new Map<string, { readonly image: Digest; readonly sandbox: RunningSandbox }>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: ControlPorts) {
    this.#ports = ports;
  }

  /** Brings every workload to its desired state; a workload in trouble does not hold up the others. */
  async reconcileAll(): Promise<void> {
    for (const { name } of await this.#ports.workloads.list()) {
      await this.reconcile(name).catch((error: unknown) => this.#recordTrouble(name, error));
    }
  }

  /**
   * Brings one workload to its desired state and answers with its running process, if it should have one.
   *
   * @throws CustodyError `run/refused` with the gate's reasons in `details`, `run/unhealthy`, `runtime/…`.
   */
  reconcile(name: string): Promise<RunningSandbox | undefined> {
    const acting = this.#last.then(() => this.#act(name));
    this.#last = acting.catch(() => undefined);
    return acting;
  }

  /**
   * Runs another image as a workload, if the gate lets it; otherwise nothing changes, and what ran goes on.
   *
   * @throws as {@link reconcile}.
   */
  async switchTo(name: string, image: Digest): Promise<RunningSandbox | undefined> {
    await this.#demandAdmission({ name, image });
    await this.#ports.workloads.want(name, image);
    return this.reconcile(name);
  }

  /** Ends everything that runs here; the rows still say that it should run, and the next keeper starts it again. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ sandbox }) => sandbox.stop()));
    this.#running.clear();
  }

  async #act(name: string): Promise<RunningSandbox | undefined> {
    const workload = await this.#ports.workloads.findWorkload(name);
    const current = this.#running.get(name);
    if (workload?.desired !== "running") {
      await this.#end(name);
      return undefined;
    }
    if (current?.image === workload.image) return current.sandbox;
    const started = await this.#start(workload);
    await current?.sandbox.stop();
    return started;
  }

  // The new process runs and is well before the old one ends.
  async #start(workload: Workload): Promise<RunningSandbox> {
    const { name, image } = workload;
    const admission = await this.#demandAdmission(workload);
    const placed = await this.#ports.images.place(image);
    const sandbox = await this.#ports.sandbox.start({ name, ...placed.workload });
    try {
      await awaitHealthy(this.#ports.probe, sandbox, placed.health);
      await this.#attestRun(workload, sandbox, admission);
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
    this.#running.set(name, { image, sandbox });
    void sandbox.exited.then(() => this.#onExit(name, sandbox));
    return sandbox;
  }

  // The whole chain is judged again before every start; the gate's own decision must stand behind it.
  async #demandAdmission({ name, image }: Pick<Workload, "name" | "image">): Promise<Digest> {
    const records = await readChainRecords(this.#ports, image);
    const decision = await decideOn(this.#ports, name, image, records);
    if (decision.verdict.kind !== "allowed") throw refusalOf(image, decision.verdict);
    const admission = await admissionOf(this.#ports, name, image);
    if (admission.kind === "allowed") return admission.facts;
    const isSuperseded = admission.reasons.every(({ code }) => code === "gate/policy-superseded");
    if (!isSuperseded) throw refusalOf(image, admission);
    return this.#admitAnew(name, decision);
  }

  // The policy changed since; the chain holds under the new one too, and that is a decision of its own.
  async #admitAnew(name: string, decision: Decision): Promise<Digest> {
    const { gate } = this.#ports.identities;
    const record = recordOf(
      await this.#ports.attest(gate, summarize(decision, gate, resourceOf(name, decision.image))),
    );
    await this.#ports.attestations.add([record]);
    return record.digest;
  }

  async #attestRun({ name, image }: Workload, sandbox: RunningSandbox, admission: Digest): Promise<void> {
    const { pid, startedAt, address, id: sandboxId, isolation } = sandbox;
    const statement: Statement = {
      subject: [{ name: artifactNames.image, digest: { sha256: hexOf(image) } }],
      predicateType: run.predicateType,
      predicate: {
        workload: name,
        admission: { digest: { sha256: hexOf(admission) } },
        process: { pid, startedOn: formatInstant(startedAt) },
        isolation: { ...isolation },
      },
    };
    const record = recordOf(await this.#ports.attest(this.#ports.identities.runtime, statement));
    await this.#ports.attestations.add([record]);
    await this.#ports.workloads.observe(name, { sandboxId, pid, startedAt, address, image });
  }

  async #end(name: string): Promise<void> {
    const current = this.#running.get(name);
    this.#running.delete(name);
    await current?.sandbox.stop();
    await this.#ports.workloads.observe(name, undefined);
  }

  // A process that ended by itself is started again, once; a second reconcile finds it and tries anew.
  async #onExit(name: string, sandbox: RunningSandbox): Promise<void> {
    if (this.#running.get(name)?.sandbox !== sandbox) return;
    this.#running.delete(name);
    await this.#ports.workloads.observe(name, undefined, "the process ended");
  }

  async #recordTrouble(name: string, error: unknown): Promise<void> {
    await this.#ports.workloads.observe(
      name,
      undefined,
      error instanceof Error ? error.message : String(error),
    );
  }
}

function refusalOf(
  image: Digest,
  verdict: Exclude<Verdict<unknown>, { readonly kind: "allowed" }>,
): CustodyError {
  const [{ code, message }] = verdict.reasons;
  return new CustodyError(code, message, { subject: image, details: { reasons: verdict.reasons } });
}

/** The digest of the gate's decision that lets this image run as this workload now. */
export async function admissionOf(
  ports: ControlPorts,
  repository: string,
  image: Digest,
): Promise<Verdict<Digest>> {
  const policy = await ports.policies.findPolicy(repository);
  if (!policy)
    throw new CustodyError("gate/no-policy", `${repository} has no policy`, { subject: repository });
  const records = await ports.attestations.findByArtifacts([image]);
  const verdict = await findAdmission(ports.crypto, ports.trustedRoot, {
    image,
    gate: ports.identities.gate,
    policyRevision: policyRevisionOf((bytes) => digestOf(ports.crypto, bytes), policy),
    bundles: records.map(({ bytes }) => bytes),
  });
  if (verdict.kind !== "allowed") return verdict;
  if (!verdict.facts) throw new CustodyError("gate/not-admitted", "no admission stands behind the answer");
  return { kind: "allowed", facts: verdict.facts.digest };
}
