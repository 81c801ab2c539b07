import { hasDigest, provenance, spdx } from "custody/evidence";
import type { Statement } from "custody/evidence";
import { parsePipeline, parseStemcellLock } from "custody/factory";
import { formatInstant, hexOf, instantOf, parseJson } from "custody/ground";
import type { Digest } from "custody/ground";
import { artifactNames } from "custody/policy";

import { recordOf } from "../attestation-record.ts";
import type { HandOffContext, HandOffResult } from "../context.ts";
import { getState } from "../delivery.ts";
import type { AttestationRecord, PreparedStemcell } from "../ports.ts";

const buildType = "https://custody.dev/build/stemcell/v1";

/** Recipe → stemcell: every root file system that the pipeline uses, with its provenance and its SBOM. */
export async function handOverStemcells(context: HandOffContext): Promise<HandOffResult> {
  const pipeline = parsePipeline(getState(context.delivery, "pipeline"));
  const used = new Set([...pipeline.steps.map(({ stemcell }) => stemcell), pipeline.image.stemcell]);
  const lock =
    context.delivery.state.lock === undefined ? {} : parseStemcellLock(context.delivery.state.lock);
  const stemcells: Record<string, Digest> = {};
  const attestations: AttestationRecord[] = [];
  for (const [name, recipe] of Object.entries(pipeline.stemcells).filter(([name]) => used.has(name))) {
    const pin = lock[name];
    const wanted = pin === undefined ? recipe : { ...recipe, pin };
    const prepared = await context.ports.stemcells.prepare(wanted, (message) =>
      context.say(`${name}: ${message}`),
    );
    await keepLayer(context, prepared);
    attestations.push(...(await attestStemcell(context, name, prepared)));
    stemcells[name] = prepared.digest;
    context.say(`${name}: ${prepared.packages.length} packages, ${prepared.digest}`);
  }
  return { phase: "steps", learnt: { stemcells, steps: {} }, attestations };
}

async function keepLayer({ ports }: HandOffContext, stemcell: PreparedStemcell): Promise<void> {
  const { digest, sizeBytes } = stemcell;
  if (await ports.blobs.find(digest)) return;
  await ports.blobs.write(stemcell.open(), { expectedDigest: digest, maxBytes: sizeBytes });
}

// A stemcell that was attested under this name before is the same stemcell: it is not attested again.
async function attestStemcell(
  { ports }: HandOffContext,
  name: string,
  prepared: PreparedStemcell,
): Promise<AttestationRecord[]> {
  const artifact = artifactNames.stemcell(name);
  const earlier = (await ports.attestations.findByArtifacts([prepared.digest])).filter(
    ({ identity }) => identity === ports.identities.stemcell,
  );
  const isAbout = ({ materials, products }: AttestationRecord): boolean =>
    [...products, ...materials].some(
      (one) => one.name === artifact && hasDigest(one.digest, prepared.digest),
    );
  const kept = [provenance, spdx].flatMap(({ predicateType }) => {
    const found = earlier.find((record) => record.predicateType === predicateType && isAbout(record));
    return found ? [found] : [];
  });
  if (kept.length === 2) return kept;
  const statements = [provenanceOf(ports.identities.stemcell, name, prepared), sbomOf(name, prepared)];
  return Promise.all(
    statements.map(async (statement) => recordOf(await ports.attest(ports.identities.stemcell, statement))),
  );
}

function subjectOf(name: string, { digest }: PreparedStemcell): Statement["subject"] {
  return [{ name: artifactNames.stemcell(name), digest: { sha256: hexOf(digest) } }];
}

function provenanceOf(builder: string, name: string, prepared: PreparedStemcell): Statement {
  const { packages, suite, requested, recipeDigest, releases, sourceDateEpoch } = prepared;
  return {
    subject: subjectOf(name, prepared),
    predicateType: provenance.predicateType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: { step: artifactNames.stemcell(name), suite, packages: [...requested] },
        internalParameters: {
          sourceDateEpoch: formatInstant(instantOf(sourceDateEpoch * 1000)),
          releases: releases.map((release) => ({ ...release })),
        },
        resolvedDependencies: [
          { name: "recipe", digest: { sha256: hexOf(recipeDigest) } },
          ...packages.map(({ name, version, architecture, sha256 }) => ({
            name: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
            digest: { sha256 },
          })),
        ],
      },
      runDetails: { builder: { id: builder } },
    },
  };
}

function sbomOf(name: string, prepared: PreparedStemcell): Statement {
  return {
    subject: subjectOf(name, prepared),
    predicateType: spdx.predicateType,
    predicate: parseJson(prepared.sbom),
  };
}
