import assert from "node:assert/strict";
import { test } from "node:test";

import { RegoFault } from "../../faults.ts";
import { prepareSchema } from "./prepare-schema.ts";

test("a schema that is ready says of documents what it does not allow, and where", () => {
  const findFaults = prepareSchema({
    type: "object",
    properties: { a: { type: "integer" } },
    required: ["b"],
  });
  assert.deepEqual(findFaults({ a: 1, b: 1 }), []);
  assert.deepEqual(
    findFaults({ a: "x" }).map(({ field, description }) => `${field}: ${description}`),
    ["(Root): b is required", "a: Invalid type. Expected: integer, given: string"],
  );
});

test("what is no schema, and one without end, is a fault", () => {
  assert.throws(() => prepareSchema({ type: 1 }), RegoFault);
  assert.throws(() => prepareSchema({ $ref: "#" })({}), RegoFault);
});
