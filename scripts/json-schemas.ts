import { toJsonSchema } from "@valibot/to-json-schema";
import { attestationTypes } from "custody/evidence";
import { pipelineSchema } from "custody/factory";

interface NamedSchema {
  readonly path: string;
  readonly title: string;
  readonly schema: Parameters<typeof toJsonSchema>[0];
}

const schemas: readonly NamedSchema[] = [
  {
    path: "custody.schema.json",
    title: "custody.yaml: how a repository becomes a running process",
    schema: pipelineSchema,
  },
  ...attestationTypes.map(({ name, predicateType, shape }) => ({
    path: `attestations/${name}.schema.json`,
    title: `${name}: predicates of type ${predicateType}`,
    schema: shape,
  })),
];

/** The JSON Schemas of what people write and sign: their paths below schemas/, and their text. */
export function formatSchemas(): ReadonlyMap<string, string> {
  return new Map(schemas.map(({ path, title, schema }) => [path, formatSchema(title, schema)]));
}

// What JSON Schema cannot say (a second look at several fields together) the reader says: a schema only helps to write.
function formatSchema(title: string, schema: NamedSchema["schema"]): string {
  const json = toJsonSchema(schema, { target: "draft-2020-12", typeMode: "input", errorMode: "ignore" });
  return `${JSON.stringify({ title, ...json }, undefined, 2)}\n`;
}
