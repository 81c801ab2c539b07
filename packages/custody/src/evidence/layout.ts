import { CustodyError, parseInstant } from "custody/ground";
import * as v from "valibot";

import type { Functionary } from "./functionary.ts";
import { functionaryKey, functionaryShape } from "./functionary.ts";
import type { ArtifactRule } from "./artifact-rule.ts";
import { parseArtifactRule } from "./artifact-rule.ts";

/**
 * A layout over attestations (in-toto ITE-10): which steps are required, who may vouch for each, and how one step's
 * products must be the next one's materials.
 */
export interface Layout {
  /** RFC 3339; after it the layout admits nothing. */
  readonly expires: string;
  readonly steps: readonly LayoutStep[];
}

export interface LayoutStep {
  readonly name: string;
  readonly expectedMaterials: readonly string[];
  readonly expectedProducts: readonly string[];
  readonly expectedPredicate: {
    readonly predicateType: string;
    readonly functionaries: readonly Functionary[];
    /** How many distinct functionaries must agree; at least 1. */
    readonly threshold: number;
  };
}

const maxSteps = 64;
const maxRules = 64;

const rulesShape = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.maxLength(1024),
      v.check(isRule, ({ input }) => `"${input}" is not an artifact rule`),
    ),
  ),
  v.minLength(1, "no rules: end the list in DISALLOW *"),
  v.maxLength(maxRules),
  v.check((rules) => /^disallow\s+\*$/i.test(rules.at(-1)?.trim() ?? ""), "the last rule must be DISALLOW *"),
);

const stepShape = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._/-]{0,127}$/)),
  expectedMaterials: rulesShape,
  expectedProducts: rulesShape,
  expectedPredicate: v.strictObject({
    predicateType: v.pipe(v.string(), v.url()),
    functionaries: v.pipe(v.array(functionaryShape), v.minLength(1), v.maxLength(16)),
    threshold: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
});

export const layoutShape = v.pipe(
  v.strictObject({
    expires: v.string(),
    steps: v.pipe(v.array(stepShape), v.minLength(1), v.maxLength(maxSteps)),
  }),
  v.check(
    ({ steps }) => new Set(steps.map(({ name }) => name)).size === steps.length,
    "a step name stands twice",
  ),
  v.check(
    ({ steps }) =>
      steps.every(
        ({ expectedPredicate: { functionaries, threshold } }) =>
          threshold <= new Set(functionaries.map(functionaryKey)).size,
      ),
    "a threshold is larger than its number of functionaries",
  ),
);

/**
 * Reads a layout strictly. A threshold of 0, an empty functionary list, a rule list that does not end in
 * `DISALLOW *` and an unknown field are refused: each would let something pass unseen.
 *
 * @throws CustodyError `layout/malformed`.
 */
export function parseLayout(value: unknown): Layout {
  const shape = v.safeParse(layoutShape, value);
  if (!shape.success) {
    const [issue] = shape.issues;
    throw new CustodyError(
      "layout/malformed",
      `the layout is refused: ${v.getDotPath(issue) ?? ""} ${issue.message}`,
    );
  }
  parseInstant(shape.output.expires);
  return shape.output;
}

export function rulesOf(texts: readonly string[]): ArtifactRule[] {
  return texts.map(parseArtifactRule);
}

function isRule(text: string): boolean {
  try {
    parseArtifactRule(text);
    return true;
  } catch (error) {
    if (error instanceof CustodyError) return false;
    throw error;
  }
}
