import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { RepositoryPolicy, RuleModule, RuleScope, RuleSet } from "custody/evidence";
import { scopeText } from "custody/evidence";
import { CustodyError } from "custody/ground";
import { factSchemas, gateNames, Gates } from "custody/policy";

import { Client, repositoryPath } from "../client.ts";
import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";

export interface RulesOptions {
  readonly project?: boolean;
  readonly workload?: boolean;
  readonly check?: boolean;
}

interface FoundRules {
  readonly rules: RuleSet;
  readonly revision: string;
}

interface FoundPolicy {
  readonly policy: RepositoryPolicy;
  readonly revision: string;
}

/** `custody policy rules`: what is added to Custody's own gates; with a directory, adds what is there instead. */
export async function rules(call: Call<RulesOptions>): Promise<number> {
  const { options, args } = call;
  const [name = "", directory] = args;
  const scope: RuleScope = { kind: kindOf(options), name };
  if (directory === undefined) return showRules(call, scope);
  const set: RuleSet = { scope, modules: await readModules(directory) };
  await new Gates().check(set);
  if (options.check) {
    call.output.result({ ...set, checked: true }, [`${set.modules.length} modules compile`]);
    return exitCodes.yes;
  }
  const client = await Client.open(options);
  return scope.kind === "repository" ? putOwn(call, client, set) : putInherited(call, client, set);
}

/** `custody policy facts`: the JSON Schema of what a gate is told. */
export function facts({ args: [gate], output }: Call): Promise<number> {
  const found = gateNames.find((name) => name === gate);
  if (gate !== undefined && found === undefined) {
    throw new CustodyError("cli/usage", `there is no gate ${gate}`, {
      subject: gate,
      next: `the gates are ${gateNames.join(", ")}`,
    });
  }
  const schemas = factSchemas as Readonly<Record<string, object>>;
  const shown = found === undefined ? schemas : (schemas[found] ?? {});
  const lines = found === undefined ? [...gateNames] : JSON.stringify(shown, undefined, 2).split("\n");
  output.result(shown, lines);
  return Promise.resolve(exitCodes.yes);
}

function kindOf({ project, workload }: RulesOptions): RuleScope["kind"] {
  if (project && workload) throw new CustodyError("cli/usage", "give --project or --workload, not both");
  if (project) return "project";
  return workload ? "workload" : "repository";
}

async function readModules(directory: string): Promise<RuleModule[]> {
  const files = globSync("**/*.rego", { cwd: directory })
    .filter((file) => !file.endsWith("_test.rego"))
    .sort();
  return Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(directory, file), "utf8") })),
  );
}

async function showRules(call: Call<RulesOptions>, scope: RuleScope): Promise<number> {
  const client = await Client.open(call.options);
  const sets = await findSets(client, scope);
  call.output.result({ rules: sets }, sets.flatMap(linesOf));
  return exitCodes.yes;
}

async function findSets(client: Client, scope: RuleScope): Promise<readonly RuleSet[]> {
  if (scope.kind !== "repository") return [(await client.get<FoundRules>("/rules", { ...scope })).rules];
  const { policy } = await client.get<FoundPolicy>(repositoryPath(scope.name, "/policy"));
  return policy.rules ?? [];
}

async function putOwn(call: Call<RulesOptions>, client: Client, set: RuleSet): Promise<number> {
  const path = repositoryPath(set.scope.name, "/policy");
  const { policy, revision: expected } = await client.get<FoundPolicy>(path);
  const others = (policy.rules ?? []).filter(({ scope }) => scope.kind !== "repository");
  const changed = { ...policy, rules: set.modules.length === 0 ? others : [...others, set] };
  const { revision } = await client.send<FoundPolicy>("PUT", path, { policy: changed, expected });
  const repositories = [set.scope.name];
  call.output.result({ rules: set, revision, repositories }, linesSet(set, repositories));
  return exitCodes.yes;
}

async function putInherited(call: Call<RulesOptions>, client: Client, set: RuleSet): Promise<number> {
  const expected = await findRevision(client, set.scope);
  const body = { rules: set, ...(expected === undefined ? {} : { expected }) };
  const answer = await client.send<FoundRules & { repositories: string[] }>("PUT", "/rules", body);
  call.output.result(answer, linesSet(set, answer.repositories));
  return exitCodes.yes;
}

async function findRevision(client: Client, scope: RuleScope): Promise<string | undefined> {
  try {
    return (await client.get<FoundRules>("/rules", { ...scope })).revision;
  } catch (error) {
    if (error instanceof CustodyError && error.code === "policy/none") return undefined;
    throw error;
  }
}

function linesOf({ scope, modules }: RuleSet): string[] {
  return [
    `rules of ${scopeText(scope)}`,
    ...modules.flatMap(({ file, text }) => [
      `  ${file}`,
      ...text
        .trimEnd()
        .split("\n")
        .map((line) => `    ${line}`),
    ]),
  ];
}

function linesSet({ scope, modules }: RuleSet, repositories: readonly string[]): string[] {
  const applies = repositories.length === 0 ? "no repository yet" : repositories.join(", ");
  return [
    modules.length === 0
      ? `rules of ${scopeText(scope)} are taken back`
      : `rules of ${scopeText(scope)}: ${modules.map(({ file }) => file).join(", ")}`,
    `  in force for ${applies}`,
  ];
}
