/** Writes the JSON Schemas of what people write and sign into schemas/; with --check, says whether they are current. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { formatSchemas } from "./json-schemas.ts";

const directory = join(import.meta.dirname, "../schemas");

let stale = 0;
for (const [name, text] of formatSchemas()) {
  const path = join(directory, name);
  if (!process.argv.includes("--check")) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) {
    console.error(`${path} is not current: run node scripts/schemas.ts`);
    stale++;
  }
}
process.exitCode = stale === 0 ? 0 : 1;
