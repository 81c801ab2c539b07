/** Compiles policies/ into the library and writes the JSON Schemas of what each gate is told; with --check, says whether they are current. */
import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { toJsonSchema } from "@valibot/to-json-schema";
import { factShapes, gateBuiltins } from "custody/policy";
import { compile } from "custody/rego";
import type { RegoValue, Source } from "custody/rego";

const top = join(import.meta.dirname, "..");
const schemaFolder = join(top, "schemas/gates");
const compiledFile = join(top, "packages/custody/src/policy/gates/compiled.ts");

const schemas = Object.fromEntries(
  Object.entries(factShapes).map(([gate, shape]) => [
    gate,
    { title: `What the ${gate} gate is told`, ...toJsonSchema(shape, { target: "draft-07" }) },
  ]),
);

const sources: readonly Source[] = globSync("policies/*.rego", { cwd: top })
  .filter((file) => !file.endsWith("_test.rego"))
  .sort()
  .map((file) => ({ file, text: readFileSync(join(top, file), "utf8") }));

function compiledModule(): string {
  const named = Object.entries(schemas).map(([gate, schema]) => [`schema.${gate}`, schema as RegoValue]);
  const policy = compile(sources, { builtins: gateBuiltins, schemas: Object.fromEntries(named) });
  const revision = createHash("sha256").update(JSON.stringify(sources)).digest("hex");
  return [
    "// @ts-nocheck -- compiled code",
    "/* oxlint-disable */",
    "// Made by scripts/gates.ts from policies/ and facts.ts. Do not change it.",
    "",
    "/** Of the texts of the gates' policies. */",
    `export const gatesRevision = "sha256:${revision}";`,
    "",
    "/** JSON Schemas of what each gate is told. */",
    `export const factSchemas = ${JSON.stringify(schemas)};`,
    "",
    policy.toModule(),
  ].join("\n");
}

let stale = 0;
function put(path: string, text: string): void {
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`${path} is not current: run node scripts/gates.ts`);
    stale++;
  }
}

mkdirSync(schemaFolder, { recursive: true });
for (const [gate, schema] of Object.entries(schemas)) {
  put(join(schemaFolder, `${gate}.json`), `${JSON.stringify(schema, undefined, 2)}\n`);
}
put(compiledFile, compiledModule());
process.exitCode = stale === 0 ? 0 : 1;
