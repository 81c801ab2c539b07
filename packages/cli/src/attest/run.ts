import {
  allowEnvironment,
  findGitState,
  hashArtifacts,
  parseArtifactSpec,
  recordedWord,
  runCommand,
} from "@custody/node/recorder";
import type { AllowedEnvironment, CommandOutcome, GitState } from "@custody/node/recorder";
import { link } from "custody/evidence";
import type { ResourceDescriptor, Statement } from "custody/evidence";
import type { Json } from "custody/ground";
import { CustodyError } from "custody/ground";

import { Client } from "../client.ts";
import type { Call } from "../commands/call.ts";
import { exitCodes } from "../output.ts";
import { demandNew, handIn } from "./hand-in.ts";
import type { SigningOptions } from "./sign-statement.ts";
import { demandChainSigner, findFixedEnd, findSigner, signStatement } from "./sign-statement.ts";

export interface RunOptions extends SigningOptions {
  readonly step: string;
  readonly material: readonly string[];
  readonly product: readonly string[];
  readonly exclude: readonly string[];
  readonly env: readonly string[];
  readonly allowDirty?: boolean;
  readonly bundle?: string;
  readonly upload: boolean;
}

/** As layouts and custody.yaml name steps, and in-toto layouts of others. */
const stepName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * `custody run`: runs a command and attests what it was: what it took in, what it made, what it was given of the environment, at
 * which commit, and how it ended. Ends as the command ended; with 2 when the attestation could not be made. What can be known
 * to fail does so before the command runs.
 */
export async function run(call: Call<RunOptions>): Promise<number> {
  const { options, output, args } = call;
  const client = await Client.open(options);
  await demandReady(call, client);
  const git = await cleanState(options);
  const materials = await recordMaterials(options, git);
  const environment = allowEnvironment(process.env, options.env);
  const outcome = await runCommand(args, environment.given);
  const products = await recordProducts(options, outcome);
  const statement = statementOf(call, { git, materials, products, environment, outcome });
  const bundle = await signStatement(client, statement, options);
  const done = await handIn(client, bundle, options);
  const said = `step ${options.step}: ${materials.length} materials, ${products.length} products, ended with ${outcome.exitCode}`;
  output.result({ step: options.step, exitCode: outcome.exitCode, materials, products, ...done }, [
    said,
    ...(done.kept ? [`attested by ${done.kept.identity}, log #${done.kept.logIndex}`] : []),
    ...(done.file === undefined ? [] : [`bundle in ${done.file}`]),
  ]);
  return outcome.exitCode === 0 ? exitCodes.yes : outcome.exitCode;
}

// Who signs, whether the server takes that in, where the bundle goes: nobody waits an hour to hear that it was for nothing.
async function demandReady({ options, output }: Call<RunOptions>, client: Client): Promise<void> {
  demandStepName(options.step);
  for (const text of options.product) parseArtifactSpec(text);
  if (options.bundle !== undefined) await demandNew(options.bundle);
  const signer = await findSigner(client, options);
  if (options.upload) demandChainSigner(signer);
  output.progress(`step ${options.step} is signed by ${signer.names.join(", ")}`);
  const ends = findFixedEnd(options);
  if (ends === undefined) return;
  output.progress(
    `the identity token ends at ${ends.toISOString()}, and a step that takes longer cannot be signed with it: name a file that is renewed, or let the CI system give tokens`,
  );
}

function demandStepName(step: string): void {
  if (stepName.test(step)) return;
  throw new CustodyError("cli/usage", `${JSON.stringify(step.slice(0, 80))} is not a step's name`, {
    next: "letters, digits, dots, dashes and underscores, at most 128, as the layout names the step",
  });
}

// A step that claims a commit must run over that commit.
async function cleanState({ allowDirty }: RunOptions): Promise<GitState | undefined> {
  const git = await findGitState(process.cwd());
  const [first, ...more] = git?.changed ?? [];
  if (first === undefined || allowDirty) return git;
  throw new CustodyError(
    "recorder/dirty",
    `${first}${more.length > 0 ? ` and ${more.length} more` : ""} is not as in the commit`,
    {
      subject: git?.commit ?? "",
      next: "commit or ignore it, or say --allow-dirty: then the attestation names no source",
    },
  );
}

async function recordMaterials(
  { material, exclude, allowDirty }: RunOptions,
  git: GitState | undefined,
): Promise<readonly ResourceDescriptor[]> {
  const named = await hashArtifacts(
    material.map((text) => parseArtifactSpec(text)),
    exclude,
  );
  return git && !(allowDirty && git.changed.length > 0) ? [git.source, ...named] : named;
}

// What a failed command has left behind is nobody's product, and need not be there.
async function recordProducts(
  { step, product, exclude }: RunOptions,
  { exitCode }: CommandOutcome,
): Promise<readonly ResourceDescriptor[]> {
  if (exitCode !== 0) return [];
  return hashArtifacts(
    product.map((text) => parseArtifactSpec(text, `${step}/`)),
    exclude,
  );
}

interface Recorded {
  readonly git: GitState | undefined;
  readonly materials: readonly ResourceDescriptor[];
  readonly products: readonly ResourceDescriptor[];
  readonly environment: AllowedEnvironment;
  readonly outcome: CommandOutcome;
}

// A statement is about something: what was made, or else what was looked at.
function statementOf(
  { args, options }: Call<RunOptions>,
  { git, materials, products, environment, outcome }: Recorded,
): Statement {
  const subject = products.length > 0 ? products : materials.slice(0, 1);
  if (subject.length === 0) {
    throw new CustodyError("cli/usage", "the step took in nothing and made nothing that could be named", {
      next: "run it in a git repository, or name a --material or a --product",
    });
  }
  const byproducts: Json = {
    "return-value": outcome.exitCode,
    startedOn: outcome.startedAt.toISOString(),
    finishedOn: outcome.finishedAt.toISOString(),
    ...(git ? { git: gitOf(git) } : {}),
  };
  return {
    subject,
    predicateType: link.predicateType,
    predicate: {
      name: options.step,
      command: args.map(recordedWord),
      materials: materials.map(({ name, digest }) => ({ name, digest: { ...digest } })),
      byproducts,
      environment: { ...environment.recorded },
    },
  };
}

function gitOf({ commit, tree, branch, remote, changed }: GitState): Json {
  return {
    commit,
    tree,
    ...(branch === undefined ? {} : { branch }),
    ...(remote === undefined ? {} : { remote }),
    changed: [...changed],
  };
}
