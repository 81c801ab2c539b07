import type { Statement } from "custody/evidence";
import { policyRevisionOf, run } from "custody/evidence";
import { allowed, CustodyError, digestOf, formatInstant, hexOf } from "custody/ground";
import type { Digest, Instant, Verdict } from "custody/ground";
import { artifactNames, chainFactsOf, findAdmission, summarize, verificationOf } from "custody/policy";
import type { Decision } from "custody/policy";
import type { RunningSandbox, WorkloadExit } from "custody/runtime";

import { recordOf } from "./attestation-record.ts";
import { readChainRecords } from "./chain-records.ts";
import type { ControlPorts } from "./context.ts";
import { decideOn, decideOnCurrent, resourceOf } from "./hand-offs/gate.ts";
import { awaitHealthy } from "./health.ts";
import { Patience } from "./patience.ts";
import type { Workload, WorkloadProcess } from "./ports.ts";

/**
 * Keeps running what should run: one process a workload, of exactly the admitted digest.
 *
 * The rows of {@link ControlPorts.workloads} say what is wanted; the keeper compares them with what it runs and acts on
 * the difference, so that calling it again is always right. What it runs ends with this process.
 */
export class Keeper {
  readonly #ports: ControlPorts;
  readonly #running = new Map<string, RunningWorkload>();
  readonly #acting = new Map<string, Promise<unknown>>();
  readonly #patience: Patience;
  /** When what runs was last judged. */
  readonly #judgedAt = new Map<string, Instant>();
  #isClosed = false;

  constructor(ports: ControlPorts) {
    this.#ports = ports;
    this.#patience = new Patience(ports.clock);
  }

  /**
   * Takes over from an earlier life of the server: its processes ended with it, so none is said to run any more. Meant
   * to be called once, before anyone is answered.
   */
  async takeOver(): Promise<void> {
    const workloads = await this.#ports.workloads.list();
    const left = workloads.filter(({ name, process }) => process && !this.#running.has(name));
    await Promise.all(left.map((workload) => this.#observeGone(workload)));
  }

  /**
   * Brings every workload to its desired state; one in trouble does not hold up the others, and is tried again after a
   * pause that doubles each time, up to five minutes. Meant to be called every second or so; it never rejects for one
   * workload's sake.
   */
  async reconcileAll(): Promise<void> {
    const workloads = await this.#ports.workloads.list();
    const due = workloads.filter((workload) => this.#needsAction(workload));
    await Promise.all(
      due.map(({ name }) => this.#inTurn(name, () => this.#act(name)).catch(() => undefined)),
    );
  }

  /** Evidence has come: what runs is judged at the next turn, whenever it was judged last. */
  judgeSoon(): void {
    this.#judgedAt.clear();
  }

  /**
   * Brings one workload to its desired state, at once, and answers with its running process, if it should have one.
   *
   * @throws CustodyError with the gate's reasons in `details` when it says no, `run/unhealthy`, `runtime/…`.
   */
  reconcile(name: string): Promise<RunningSandbox | undefined> {
    this.#patience.forget(name);
    return this.#inTurn(name, () => this.#act(name));
  }

  /**
   * Runs another image as a workload, if the gate lets it and it is well; otherwise nothing changes, and what ran goes
   * on, now and after a restart.
   *
   * @throws as {@link reconcile}.
   */
  switchTo(name: string, image: Digest): Promise<RunningSandbox | undefined> {
    return this.#inTurn(name, async () => {
      const current = this.#running.get(name);
      this.#patience.forget(name);
      const want = (): Promise<void> => this.#ports.workloads.want(name, image);
      if (current?.image !== image) return this.#start({ name, image }, current, want);
      await this.#demandAdmission({ name, image });
      await want();
      return current.sandbox;
    });
  }

  /** Ends everything that runs here; the rows still say that it should run, and the next keeper starts it again. */
  async stopAll(): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(running.map(({ sandbox }) => sandbox.stop()));
  }

  // Acts for one workload come one after another; those for different ones do not wait for each other.
  #inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
    const before = this.#acting.get(name) ?? Promise.resolve();
    const acting = before.then(act);
    const settled = acting.then(
      () => undefined,
      () => undefined,
    );
    this.#acting.set(name, settled);
    void settled.then(() => this.#acting.get(name) === settled && this.#acting.delete(name));
    return acting;
  }

  #needsAction({ name, desired, image }: Workload): boolean {
    if (this.#isClosed || this.#acting.has(name)) return false;
    const current = this.#running.get(name);
    if (desired === "stopped") return current !== undefined;
    if (current?.image === image) return this.#isJudgementDue(name);
    return this.#patience.isOver(name);
  }

  #isJudgementDue(name: string): boolean {
    return this.#ports.clock.now() - (this.#judgedAt.get(name) ?? 0) >= judgementMilliseconds;
  }

  async #act(name: string): Promise<RunningSandbox | undefined> {
    const workload = await this.#ports.workloads.findWorkload(name);
    const current = this.#running.get(name);
    if (workload?.desired !== "running") {
      await this.#end(name);
      return undefined;
    }
    if (current?.image === workload.image) return this.#keepRunning(workload, current);
    try {
      // It ended while the database could not be told.
      if (!current && workload.process) await this.#observeGone(workload);
      return await this.#start(workload, current);
    } catch (error) {
      if (!this.#isClosed) await this.#recordTrouble(workload, current, messageOf(error));
      throw error;
    }
  }

  // The new process runs and is well before anything is decided, and before the old one ends.
  async #start(
    { name, image }: Pick<Workload, "name" | "image">,
    current: RunningWorkload | undefined,
    decide: () => Promise<void> = () => Promise.resolve(),
  ): Promise<RunningSandbox> {
    const admission = await this.#demandAdmission({ name, image });
    const placed = await this.#ports.images.place(image);
    const sandbox = await this.#ports.sandbox.start({ name, ...placed.workload });
    try {
      await awaitHealthy(this.#ports, sandbox, placed.health);
      await this.#attestRun({ name, image }, sandbox, admission);
      if (this.#isClosed) throw new CustodyError("runtime/closed", "the server is stopping");
      await decide();
      await this.#observe(name, processOf(sandbox, image), this.#patience.describe(name));
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
    this.#running.set(name, { image, sandbox });
    void sandbox.exited.then((exit) => this.#onExit(name, sandbox, exit));
    await current?.sandbox.stop();
    return sandbox;
  }

  // What runs is judged again and again. It ends when the gate says no; when nothing can be decided, it goes on.
  async #keepRunning(workload: Workload, current: RunningWorkload): Promise<RunningSandbox> {
    const { name, image } = workload;
    if (!this.#isJudgementDue(name)) return current.sandbox;
    this.#judgedAt.set(name, this.#ports.clock.now());
    const decision = await this.#decide(decideOnCurrent, workload);
    const admission = await admissionOf(this.#ports, name, image);
    const verdict = await this.#judge({ workload, decision, admission, running: current.sandbox });
    if (verdict.kind !== "refused") return current.sandbox;
    const refusal = refusalOf(image, verdict);
    this.#running.delete(name);
    await current.sandbox.stop();
    await this.#recordTrouble(workload, undefined, `it was ended: ${messageOf(refusal)}`);
    throw refusal;
  }

  // The whole chain is judged again before every start; the gate's own decision must stand behind it.
  async #demandAdmission(wanted: Pick<Workload, "name" | "image">): Promise<Digest> {
    const { name, image } = wanted;
    const workload = await this.#ports.workloads.findWorkload(name);
    const isCurrent = workload?.desired === "running" && workload.image === image;
    const decision = await this.#decide(isCurrent ? decideOnCurrent : decideOn, wanted);
    const admission = await this.#findAdmission(name, decision);
    const verdict = await this.#judge({ workload: wanted, decision, admission });
    if (verdict.kind !== "allowed") throw refusalOf(image, verdict);
    if (admission.kind !== "allowed") throw refusalOf(image, admission);
    this.#judgedAt.set(name, this.#ports.clock.now());
    return admission.facts;
  }

  async #decide(
    decide: typeof decideOn,
    { name, image }: Pick<Workload, "name" | "image">,
  ): Promise<Decision> {
    return decide(this.#ports, name, image, await readChainRecords(this.#ports, image));
  }

  async #findAdmission(name: string, decision: Decision): Promise<Verdict<Digest>> {
    const admission = await admissionOf(this.#ports, name, decision.image);
    if (admission.kind === "allowed" || decision.verdict.kind !== "allowed") return admission;
    const isSuperseded = admission.reasons.every(({ code }) => code === "gate/policy-superseded");
    return isSuperseded ? allowed(await this.#admitAnew(name, decision)) : admission;
  }

  /** What the running gate says: about a process that is about to be started, unless there is one. */
  #judge({ workload, decision, admission, running }: Judged): Promise<Verdict<undefined>> {
    const { name, image } = workload;
    const facts = {
      at: formatInstant(this.#ports.clock.now()),
      repository: name,
      workload: name,
      image,
      chain: chainFactsOf(decision.verdict),
      admission: verificationOf(admission),
      ...(running && { process: { pid: running.pid, startedOn: formatInstant(running.startedAt) } }),
    };
    return this.#ports.gates.judge("running", facts, decision.rules);
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

  async #attestRun(
    { name, image }: Pick<Workload, "name" | "image">,
    sandbox: RunningSandbox,
    admission: Digest,
  ): Promise<void> {
    const { pid, startedAt, isolation } = sandbox;
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
  }

  async #end(name: string): Promise<void> {
    const current = this.#running.get(name);
    this.#running.delete(name);
    this.#patience.forget(name);
    await current?.sandbox.stop();
    await this.#observe(name, undefined);
  }

  // It is started again when its pause is over: the next reconcileAll finds it missing.
  async #onExit(name: string, sandbox: RunningSandbox, exit: WorkloadExit): Promise<void> {
    const current = this.#running.get(name);
    if (current?.sandbox !== sandbox) return;
    this.#running.delete(name);
    if (exit.at - sandbox.startedAt > steadyMilliseconds) this.#patience.forget(name);
    await this.#recordTrouble({ name }, undefined, lastWordsOf(exit)).catch(() => undefined);
  }

  async #recordTrouble(
    { name, process }: Pick<Workload, "name" | "process">,
    current: RunningWorkload | undefined,
    message: string,
  ): Promise<void> {
    const pauseSeconds = this.#patience.take(name);
    const trouble = `${message}; ${this.#patience.describe(name)}, again in ${pauseSeconds} s`;
    await this.#observe(name, current && process, trouble);
  }

  #observeGone({ name, desired }: Workload): Promise<void> {
    return this.#observe(name, undefined, desired === "running" ? "it is being started" : undefined);
  }

  #observe(name: string, process: WorkloadProcess | undefined, trouble?: string): Promise<void> {
    return this.#ports.workloads.observe(name, process, trouble);
  }
}

interface Judged {
  readonly workload: Pick<Workload, "name" | "image">;
  readonly decision: Decision;
  readonly admission: Verdict<Digest>;
  readonly running?: RunningSandbox;
}

interface RunningWorkload {
  readonly image: Digest;
  readonly sandbox: RunningSandbox;
}

/** A process that ran that long was not one of a crash loop. */
const steadyMilliseconds = 60_000;
/** How often what runs is judged again. */
const judgementMilliseconds = 60_000;
const lastWordsLength = 300;

function processOf(sandbox: RunningSandbox, image: Digest): WorkloadProcess {
  const { id: sandboxId, pid, startedAt, address } = sandbox;
  return { sandboxId, pid, startedAt, address, image };
}

function lastWordsOf({ exitCode, outOfMemory, output }: WorkloadExit): string {
  const words = (output.tail || output.head).trimEnd().slice(-lastWordsLength);
  const how = outOfMemory ? "it needed more memory than it may have" : `exit code ${exitCode ?? "unknown"}`;
  return `the process ended: ${how}${words === "" ? "" : `, its last words: ${words}`}`;
}

function messageOf(error: unknown): string {
  if (error instanceof CustodyError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function refusalOf(
  image: Digest,
  verdict: Exclude<Verdict<unknown>, { readonly kind: "allowed" }>,
): CustodyError {
  const [{ code, message }] = verdict.reasons;
  const details = { verdict: verdict.kind, reasons: verdict.reasons };
  return new CustodyError(code, message, { subject: image, details });
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
