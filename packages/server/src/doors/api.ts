import type { FastifyInstance, FastifyRequest } from "fastify";
import { outlineOf, setPolicy, setRules, withdraw } from "custody/control";
import type { Delivery, Workload } from "custody/control";
import { parseLayout, policyRevisionOf, ruleSetRevisionOf, scopeText } from "custody/evidence";
import { parsePipeline } from "custody/factory";
import { CustodyError, digestOf, instantOf, parseDigest, parseJson, parseUtf8 } from "custody/ground";
import { isRepositoryName } from "custody/oci";
import { planLayout, writeChainArchive } from "custody/policy";
import * as v from "valibot";

import type { Deliverer } from "../deliverer.ts";
import { openAttestationDoor } from "./attestations.ts";
import { findChains } from "../chains.ts";
import { exportChain, findImage, trace, verify } from "../queries.ts";
import type { QueryPorts } from "../queries.ts";
import { findLock } from "../stemcell-lock.ts";

/** What the API's routes act through. */
export interface ApiPorts extends QueryPorts {
  readonly deliverer: Deliverer;
}

const maxJsonBytes = 1024 * 1024;
const maxBundleBytes = 2 * 1024 * 1024 * 1024;
const layoutYears = 1;
const yearMilliseconds = 365 * 24 * 3_600_000;
const maxWaitSeconds = 30;
const maxComplaintLength = 300;

const repositoryParams = v.object({
  repository: v.pipe(v.string(), v.maxLength(200), v.check(isRepositoryName, "not a repository's name")),
});
const idParams = v.object({ id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)) });
const thingQuery = v.object({ thing: v.pipe(v.string(), v.minLength(1), v.maxLength(500)) });
const urlBody = v.strictObject({
  url: v.pipe(v.string(), v.maxLength(2000)),
  ref: v.optional(v.pipe(v.string(), v.maxLength(200)), "HEAD"),
});
const policyBody = v.strictObject({
  policy: v.looseObject({ repository: v.string() }),
  expected: v.optional(v.string()),
});
const rulesBody = v.strictObject({ rules: v.unknown(), expected: v.optional(v.string()) });
const scopeQuery = v.object({
  kind: v.picklist(["project", "workload"]),
  name: v.pipe(v.string(), v.maxLength(200), v.check(isRepositoryName, "not a name")),
});
const eventsQuery = v.object({
  after: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,15}$/), v.transform(Number)), "0"),
  waitSeconds: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,3}$/), v.transform(Number)), "0"),
});
const desiredBody = v.strictObject({
  desired: v.picklist(["running", "stopped"]),
  /** Which image from now on; the gate is asked first. */
  thing: v.optional(v.pipe(v.string(), v.maxLength(500), v.excludes("\u0000"))),
});
const withdrawalBody = v.strictObject({
  digest: v.string(),
  reason: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
  supersededBy: v.optional(v.string()),
});
const listQuery = v.object({ repository: v.optional(v.string()), before: v.optional(v.string()) });

/** Custody's own API, version 1: JSON in and out, faults as RFC 9457 problem documents. */
export function openApi(app: FastifyInstance, ports: ApiPorts): void {
  const json = { parseAs: "buffer" as const, bodyLimit: maxJsonBytes };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", json, (_request, body, done) =>
    done(null, parseJson(body as unknown as Buffer)),
  );
  app.addContentTypeParser("application/yaml", json, (_request, body, done) =>
    done(null, parseUtf8(body as unknown as Buffer)),
  );
  app.addContentTypeParser(
    "application/x-git-bundle",
    { bodyLimit: maxBundleBytes },
    (_request, body, done) => done(null, body),
  );
  openDeliveries(app, ports);
  openPolicies(app, ports);
  openWorkloads(app, ports);
  openQueries(app, ports);
  openWithdrawals(app, ports);
  openAttestationDoor(app, ports, { onlyAwaited: false });
}

function openDeliveries(app: FastifyInstance, { control, deliverer }: ApiPorts): void {
  app.post("/repositories/:repository/deliveries", async (request, reply) => {
    const { repository } = parse(repositoryParams, request.params);
    const delivery = isBundle(request)
      ? await deliverer.deliverBundle(repository, request.body as AsyncIterable<Uint8Array>)
      : await deliverer.deliverUrl(repository, parse(urlBody, request.body));
    return reply.code(201).send(delivery);
  });
  app.get("/deliveries", async (request) => {
    const filter = parse(listQuery, request.query);
    return { deliveries: await control.deliveries.list({ limit: 100, ...filter }) };
  });
  app.get("/deliveries/:id", async (request) =>
    getDelivery(control.deliveries, parse(idParams, request.params).id),
  );
  app.get("/deliveries/:id/events", async (request) => {
    const { id } = parse(idParams, request.params);
    const { after, waitSeconds } = parse(eventsQuery, request.query);
    const events = await deliverer.awaitEvents(id, after, Math.min(waitSeconds, maxWaitSeconds));
    return { events, delivery: await getDelivery(control.deliveries, id) };
  });
}

function openPolicies(app: FastifyInstance, { control }: ApiPorts): void {
  app.get("/repositories/:repository/policy", async (request) => {
    const { repository } = parse(repositoryParams, request.params);
    const policy = await control.policies.findPolicy(repository);
    if (!policy)
      throw new CustodyError("policy/none", `${repository} has no policy`, { subject: repository });
    return { policy, revision: policyRevisionOf((bytes) => digestOf(control.crypto, bytes), policy) };
  });
  app.put("/repositories/:repository/policy", async (request) => {
    const { repository } = parse(repositoryParams, request.params);
    const { policy, expected } = parse(policyBody, request.body);
    if (policy.repository !== repository) throw otherRepository(repository, policy.repository);
    return setPolicy(control, policy, expected === undefined ? undefined : parseDigest(expected));
  });
  app.get("/rules", async (request) => {
    const scope = parse(scopeQuery, request.query);
    const rules = await control.policies.findRules(scope);
    if (!rules)
      throw new CustodyError("policy/none", `${scopeText(scope)} adds no rules`, { subject: scope.name });
    return { rules, revision: ruleSetRevisionOf((bytes) => digestOf(control.crypto, bytes), rules) };
  });
  app.put("/rules", async (request) => {
    const { rules, expected } = parse(rulesBody, request.body);
    return setRules(control, rules, expected === undefined ? undefined : parseDigest(expected));
  });
  app.get("/repositories/:repository/lock", async (request) =>
    findLock(control, parse(repositoryParams, request.params).repository),
  );
  // The layout that holds later deliveries to this custody.yaml; nothing is changed by asking.
  app.post("/layouts", async (request) => {
    const pipeline = parsePipeline(typeof request.body === "string" ? request.body : "");
    const expires = instantOf(control.clock.now() + layoutYears * yearMilliseconds);
    return {
      repository: pipeline.name,
      layout: parseLayout(planLayout(control.trustDomain, outlineOf(pipeline), expires)),
      withdrawers: pipeline.withdrawers,
    };
  });
}

function openWorkloads(app: FastifyInstance, ports: ApiPorts): void {
  const { control, deliverer } = ports;
  app.get("/workloads", async () => ({ workloads: await control.workloads.list() }));
  app.put("/workloads/:repository", async (request) => {
    const { repository } = parse(repositoryParams, request.params);
    const { desired, thing } = parse(desiredBody, request.body);
    if (thing !== undefined && desired === "running") {
      await deliverer.keeper.switchTo(repository, await findImage(ports, thing));
    } else {
      await setDesired(ports, repository, desired);
    }
    return control.workloads.findWorkload(repository);
  });
}

async function setDesired(
  { control, deliverer }: ApiPorts,
  repository: string,
  desired: Workload["desired"],
): Promise<void> {
  if (!(await control.workloads.setDesired(repository, desired))) {
    throw new CustodyError("api/not-found", `there is no workload ${repository}`, { subject: repository });
  }
  await deliverer.keeper.reconcile(repository);
}

function openWithdrawals(app: FastifyInstance, { control, gate, deliverer }: ApiPorts): void {
  app.post("/withdrawals", async (request, reply) => {
    const { digest, reason, supersededBy } = parse(withdrawalBody, request.body);
    const { record, isNew } = await withdraw(control, parseDigest(digest), {
      reason,
      supersededBy: supersededBy === undefined ? undefined : parseDigest(supersededBy),
    });
    gate.forgetAll();
    deliverer.keeper.judgeSoon();
    const { logIndex, rendering } = record;
    return reply.code(isNew ? 201 : 200).send({ digest: record.digest, logIndex, rendering, isNew });
  });
}

function openQueries(app: FastifyInstance, ports: ApiPorts): void {
  app.get("/trace", async (request) => trace(ports, parse(thingQuery, request.query).thing));
  app.get("/chains", async (request) => findChains(ports, parse(thingQuery, request.query).thing));
  app.get("/verify", async (request) => verify(ports, parse(thingQuery, request.query).thing));
  app.get("/export", async (request, reply) => {
    const archive = await exportChain(ports, parse(thingQuery, request.query).thing);
    return reply.type("application/x-tar").send(writeChainArchive(archive));
  });
}

function otherRepository(subject: string, named: string): CustodyError {
  return new CustodyError(
    "policy/malformed",
    `the policy is for ${named.slice(0, 200)}, not for ${subject}`,
    {
      subject,
      next: "send it to the repository that it names",
    },
  );
}

function isBundle(request: FastifyRequest): boolean {
  return request.headers["content-type"] === "application/x-git-bundle";
}

async function getDelivery(deliveries: ApiPorts["control"]["deliveries"], id: string): Promise<Delivery> {
  const delivery = await deliveries.find(id);
  if (!delivery) throw new CustodyError("api/not-found", `there is no delivery ${id}`, { subject: id });
  return delivery;
}

function parse<const Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new CustodyError(
    "api/request",
    `the request is malformed: ${v.getDotPath(issue) ?? "it"}: ${issue.message.slice(0, maxComplaintLength)}`,
  );
}
