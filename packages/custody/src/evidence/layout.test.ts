import assert from "node:assert/strict";
import { test } from "node:test";

import { parseLayout } from "./index.ts";

const step = {
  name: "build",
  expectedMaterials: ["DISALLOW *"],
  expectedProducts: ["CREATE *", "DISALLOW *"],
  expectedPredicate: {
    predicateType: "https://slsa.dev/provenance/v1",
    functionaries: ["spiffe://example.org/builder"],
    threshold: 1,
  },
};
const layout = { expires: "2027-01-01T00:00:00Z", steps: [step] };
const withPredicate = (change: object) => ({
  ...layout,
  steps: [{ ...step, expectedPredicate: { ...step.expectedPredicate, ...change } }],
});

test("reads a layout", () => {
  assert.deepEqual(parseLayout(layout), layout);
});

test("refuses whatever would let something pass unseen", () => {
  const wrong: Record<string, unknown> = {
    "no steps": { ...layout, steps: [] },
    "a step twice": { ...layout, steps: [step, step] },
    "threshold 0": withPredicate({ threshold: 0 }),
    "half a threshold": withPredicate({ threshold: 0.5 }),
    "a threshold that nobody can meet": withPredicate({ threshold: 2 }),
    "one functionary counted twice": withPredicate({
      threshold: 2,
      functionaries: ["spiffe://example.org/builder", "spiffe://example.org/builder"],
    }),
    "no functionaries": withPredicate({ functionaries: [] }),
    "an empty identity": withPredicate({ functionaries: [""] }),
    "a pattern for an identity": withPredicate({ functionaries: ["spiffe://example.org/.*"] }),
    "a rule list that ends open": { ...layout, steps: [{ ...step, expectedProducts: ["CREATE *"] }] },
    "no rules": { ...layout, steps: [{ ...step, expectedMaterials: [] }] },
    "not a rule": { ...layout, steps: [{ ...step, expectedMaterials: ["PERMIT *", "DISALLOW *"] }] },
    "an unknown field": { ...layout, optional: true },
    "no expiry": { steps: [step] },
  };
  for (const [name, value] of Object.entries(wrong)) {
    assert.throws(
      () => parseLayout(value),
      (error: { code?: string }) => /^(layout|spiffe)\//.test(error.code ?? ""),
      name,
    );
  }
  assert.throws(() => parseLayout({ ...layout, expires: "tomorrow" }), { code: "instant/syntax" });
});
