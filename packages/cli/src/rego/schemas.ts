import { globSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { readJson } from "custody/rego";
import type { CompileOptions } from "custody/rego";

import { InputError } from "./input-error.ts";
import { inWordsOfFiles } from "./load-error.ts";

export type Schemas = NonNullable<CompileOptions["schemas"]>;

export interface SchemaOptions {
  /** A JSON Schema, or a directory of them. */
  readonly schema?: string;
}

/**
 * JSON Schemas by the names that annotations call them: one file is `schema`, the input's; `DIR/a/b.json` of a directory is
 * `schema.a.b`.
 *
 * @throws InputError
 */
export async function loadSchemas({ schema }: SchemaOptions): Promise<Schemas> {
  if (schema === undefined) return {};
  try {
    if (!statSync(schema).isDirectory()) return { schema: await readSchema(schema) };
    const files = globSync("**/*.json", { cwd: schema }).sort();
    const named = files.map(async (file) => [nameOf(file), await readSchema(join(schema, file))] as const);
    return Object.fromEntries(await Promise.all(named));
  } catch (error) {
    throw new InputError(inWordsOfFiles(error));
  }
}

function nameOf(file: string): string {
  return ["schema", ...file.replace(/\.json$/, "").split("/")].join(".");
}

async function readSchema(path: string): Promise<Schemas[string]> {
  return readJson(await readFile(path, "utf8"));
}
