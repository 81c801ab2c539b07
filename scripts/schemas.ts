/** Writes the JSON Schemas of what people write into schemas/; with --check, says whether they are current. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { toJsonSchema } from "@valibot/to-json-schema";
import { pipelineSchema } from "custody/factory";

const directory = join(import.meta.dirname, "../schemas");

const schemas = {
  "custody.schema.json": {
    title: "custody.yaml: how a repository becomes a running process",
    schema: toJsonSchema(pipelineSchema, { target: "draft-2020-12" }),
  },
};

let stale = 0;
for (const [name, { title, schema }] of Object.entries(schemas)) {
  const path = join(directory, name);
  const text = `${JSON.stringify({ title, ...schema }, undefined, 2)}\n`;
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`${path} is not current: run node scripts/schemas.ts`);
    stale++;
  }
}
process.exitCode = stale === 0 ? 0 : 1;
