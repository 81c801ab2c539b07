import type { Statement } from "custody/evidence";
import { provenance, testResult } from "custody/evidence";
import { parsePipeline, runStep } from "custody/factory";
import type { PipelineStep, StepRecord } from "custody/factory";
import { formatInstant, hexOf } from "custody/ground";
import type { Digest } from "custody/ground";

import { recordOf } from "../attestation-record.ts";
import type { HandOffContext, HandOffResult } from "../context.ts";
import { endWith } from "../context.ts";
import { getState } from "../delivery.ts";
import { getPolicyInForce } from "../policy-in-force.ts";
import { askGate } from "./ask-gate.ts";
import { buildFacts, subjectFacts } from "./gate-facts.ts";

const buildType = "https://custody.dev/build/step/v1";
const lastWordsLength = 2000;

/** Source → products, one step at a time: each in its own sandbox, attested by an identity that it cannot reach. */
export async function handOverStep(context: HandOffContext): Promise<HandOffResult> {
  const { delivery, ports } = context;
  const pipeline = parsePipeline(getState(delivery, "pipeline"));
  const done = getState(delivery, "steps");
  const step = pipeline.steps.find(({ name }) => !Object.hasOwn(done, name));
  if (!step) return { phase: "package", learnt: {}, attestations: [] };
  context.say(`${step.name} runs`);
  const record = await runStep(ports.factory, step, contextOf(context, step));
  if (record.outcome.kind === "failed") return failed(context, record);
  const policy = await getPolicyInForce(ports, delivery.repository);
  const facts = buildFacts(subjectFacts(ports, delivery), step, record);
  const end = await askGate(ports, "build", facts, policy);
  if (end) return end;
  const identity = ports.identities.step(delivery.repository, step.name);
  const statement = step.kind === "build" ? provenanceOf(context, step, record) : testResultOf(step, record);
  const attestation = recordOf(await ports.attest(identity, statement));
  const steps = { ...done, [step.name]: record.products };
  const phase = pipeline.steps.every(({ name }) => Object.hasOwn(steps, name)) ? "package" : "steps";
  return { phase, learnt: { steps }, attestations: [attestation] };
}

function contextOf(
  { delivery, ports, say }: HandOffContext,
  step: PipelineStep,
): Parameters<typeof runStep>[2] {
  const stemcell: Digest | undefined = getState(delivery, "stemcells")[step.stemcell];
  if (!stemcell) throw new TypeError(`stemcell ${step.stemcell} was not prepared`);
  return {
    source: getState(delivery, "source"),
    stemcell,
    inputs: getState(delivery, "steps"),
    sourceDateEpoch: ports.sourceDateEpoch,
    onOutput: (text) => say(text.trimEnd()),
  };
}

function failed({ say }: HandOffContext, { name, outcome, output }: StepRecord): HandOffResult {
  const lastWords = (output.tail || output.head).trimEnd().slice(-lastWordsLength);
  say(`${name} failed; its last words:\n${lastWords}`);
  return endWith("failed", outcome.kind === "failed" ? [outcome.reason] : []);
}

function provenanceOf(
  { ports, delivery }: HandOffContext,
  step: PipelineStep,
  record: StepRecord,
): Statement {
  return {
    subject: record.products.map(({ name, digest }) => ({ name, digest: { sha256: hexOf(digest) } })),
    predicateType: provenance.predicateType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: {
          step: step.name,
          repository: delivery.repository,
          commit: delivery.commit,
          run: step.script,
          outputs: [...step.outputs],
          networkHosts: [...step.networkHosts],
        },
        internalParameters: { environment: { ...step.environment }, limits: { ...step.limits } },
        resolvedDependencies: materialsOf(record),
      },
      runDetails: {
        builder: { id: ports.identities.step(delivery.repository, step.name) },
        metadata: {
          invocationId: `${delivery.id}/${step.name}`,
          startedOn: formatInstant(record.startedAt),
          finishedOn: formatInstant(record.finishedAt),
        },
      },
      custody_isolation: isolationOf(record),
      custody_network: record.network.map((request) => ({
        ...request,
        status: request.status ?? null,
        digest: request.digest ?? null,
      })),
    },
  };
}

function testResultOf(step: PipelineStep, record: StepRecord): Statement {
  const tested = new Set(step.inputs);
  const materials = materialsOf(record);
  const isTested = ({ name }: { name: string }): boolean => tested.has(name.split("/", 1)[0] ?? "");
  const subject = materials.filter(isTested);
  const configuration = materials.filter((material) => !isTested(material));
  return {
    subject: subject.length > 0 ? subject : configuration,
    predicateType: testResult.predicateType,
    predicate: {
      result: "PASSED",
      configuration,
      passedTests: [step.name],
      failedTests: [],
      custody_step: step.name,
      custody_isolation: isolationOf(record),
    },
  };
}

function materialsOf({ materials }: StepRecord): { name: string; digest: { sha256: string } }[] {
  return materials.map(({ name, digest }) => ({ name, digest: { sha256: hexOf(digest) } }));
}

function isolationOf({ isolation }: StepRecord): {
  level: string;
  without: string[];
  runtime: { name: string; version: string };
  profileDigest: string;
  kernel: string;
} {
  const { level, without, runtime, profileDigest, kernel } = isolation;
  return { level, without: [...without], runtime: { ...runtime }, profileDigest, kernel };
}
