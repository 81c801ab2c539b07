import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describeFunctionary, scopeText } from "custody/evidence";
import type { AllowedSigner, Functionary, Layout, RepositoryPolicy } from "custody/evidence";

import { parseSshPublicKey } from "custody/git";
import { CustodyError } from "custody/ground";

import { Client, repositoryPath } from "../client.ts";
import { exitCodes, formatTable } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";
import { parseDuration } from "./duration.ts";

interface PolicyInForce {
  readonly policy: RepositoryPolicy;
  readonly revision: string;
}

/** What a custody.yaml makes of its repository's policy. */
interface PlannedPolicy {
  readonly repository: string;
  readonly layout: Layout;
  readonly withdrawers: readonly Functionary[];
}

/** `custody policy set`: the layout and the withdrawers from custody.yaml, the signers that are given, those there already kept. */
export async function setPolicy(
  call: Call<{ readonly signer: readonly string[]; readonly validFor: string }>,
): Promise<number> {
  const { options, output } = call;
  const client = await Client.open(options);
  const text = await readText(join(getArgument(call, 0), "custody.yaml"));
  const { repository, layout, withdrawers } = await client.send<PlannedPolicy>("POST", "/layouts", text);
  const current = await findCurrent(client, repository);
  const added = await Promise.all(options.signer.map((word) => readSigner(word, options.validFor)));
  const signers = [...(current?.policy.signers ?? []), ...added];
  if (signers.length === 0) {
    throw new CustodyError("cli/usage", "a policy without signers admits no commit", {
      next: "name a developer: --signer ada=~/.ssh/id_ed25519.pub",
    });
  }
  const { rules } = current?.policy ?? {};
  const named = withdrawers.length > 0 ? { withdrawers } : {};
  const policy = { repository, signers, layout, ...named, ...(rules && { rules }) };
  const set = await put(client, policy, current?.revision);
  output.result(set, linesOf(set));
  return exitCodes.yes;
}

/** `custody policy show`. */
export async function showPolicy(call: Call): Promise<number> {
  const client = await Client.open(call.options);
  const current = await client.get<PolicyInForce>(repositoryPath(getArgument(call, 0), "/policy"));
  call.output.result(current, linesOf(current));
  return exitCodes.yes;
}

/** `custody policy retire`. */
export async function retireSigner(call: Call): Promise<number> {
  const [repository, name] = [getArgument(call, 0), getArgument(call, 1)];
  const client = await Client.open(call.options);
  const { policy, revision } = await client.get<PolicyInForce>(repositoryPath(repository, "/policy"));
  const isTheirs = (signer: AllowedSigner): boolean => signer.name === name && signer.retiredAt === undefined;
  if (!policy.signers.some(isTheirs)) {
    throw new CustodyError(
      "cli/no-signer",
      `the policy of ${repository} has no signer ${name} who is not retired`,
      {
        subject: name,
        next: `see who is there: custody policy show ${repository}`,
      },
    );
  }
  const retiredAt = new Date(thisSecond()).toISOString();
  const signers = policy.signers.map((signer) => (isTheirs(signer) ? { ...signer, retiredAt } : signer));
  const set = await put(client, { ...policy, signers }, revision);
  call.output.result(set, linesOf(set));
  return exitCodes.yes;
}

// Timestamps are in whole seconds, rounded down: so are the limits that they are held against.
function thisSecond(): number {
  return Math.floor(Date.now() / 1000) * 1000;
}

function put(client: Client, policy: RepositoryPolicy, expected: string | undefined): Promise<PolicyInForce> {
  const body = { policy, ...(expected === undefined ? {} : { expected }) };
  return client.send<PolicyInForce>("PUT", repositoryPath(policy.repository, "/policy"), body);
}

async function findCurrent(client: Client, repository: string): Promise<PolicyInForce | undefined> {
  try {
    return await client.get<PolicyInForce>(repositoryPath(repository, "/policy"));
  } catch (error) {
    if (error instanceof CustodyError && error.code === "policy/none") return undefined;
    throw error;
  }
}

async function readSigner(word: string, validFor: string): Promise<AllowedSigner> {
  const equals = word.indexOf("=");
  if (equals <= 0) throw new CustodyError("cli/usage", `"${word}" is not NAME=FILE`, { subject: word });
  const line = (await readText(word.slice(equals + 1))).trim();
  if (line.includes("PRIVATE KEY")) {
    throw new CustodyError("cli/usage", "that is a private key; the policy lists public ones", {
      next: "give the .pub file",
    });
  }
  parseSshPublicKey(line);
  const key = line.split(/\s+/, 2).join(" ");
  const start = thisSecond();
  const end = new Date(start + parseDuration(validFor)).toISOString();
  return { name: word.slice(0, equals), key, validFor: { start: new Date(start).toISOString(), end } };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const next = path.endsWith("custody.yaml") ? { next: "write one with `custody init`" } : {};
    throw new CustodyError("cli/read", `${path} cannot be read`, { subject: path, cause, ...next });
  }
}

function linesOf({ policy, revision }: PolicyInForce): string[] {
  const signers = policy.signers.map(({ name, key, validFor, retiredAt }) => [
    `  ${name}`,
    key.split(" ")[0] ?? "",
    retiredAt ? `retired ${retiredAt}` : `counts until ${validFor.end}`,
  ]);
  return [
    `policy of ${policy.repository}, revision ${revision}`,
    ...formatTable(signers),
    `  steps: ${policy.layout.steps.map(({ name }) => name).join(" → ")}`,
    ...(policy.withdrawers ?? []).map((one) => `  may withdraw: ${describeFunctionary(one)}`),
    ...(policy.rules ?? []).map(
      ({ scope, modules }) => `  rules of ${scopeText(scope)}: ${modules.map(({ file }) => file).join(", ")}`,
    ),
  ];
}
