import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import type { EditorState } from "@codemirror/state";
import { gutter, GutterMarker } from "@codemirror/view";

import type { PolicyCoverage } from "../desk/index.ts";

/** Undefined takes the marks off. */
export const setCoverage = StateEffect.define<PolicyCoverage | undefined>();

class Bar extends GutterMarker {
  override readonly elementClass: string;

  constructor(kind: "covered" | "missed" | "partly") {
    super();
    this.elementClass = `coverage-${kind}`;
  }
}

const covered = new Bar("covered");
const missed = new Bar("missed");
const partly = new Bar("partly");

const bars = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update: (marks, transaction) => {
    let next = transaction.docChanged ? RangeSet.empty : marks;
    for (const effect of transaction.effects) {
      if (effect.is(setCoverage)) next = barsOf(effect.value, transaction.state);
    }
    return next;
  },
});

/** A bar beside every line that counts: come to, not come to, or in part. */
export const coverageGutter = [
  bars,
  gutter({ class: "coverage-gutter", markers: (view) => view.state.field(bars) }),
];

function barsOf(coverage: PolicyCoverage | undefined, { doc }: EditorState): RangeSet<GutterMarker> {
  if (!coverage) return RangeSet.empty;
  const bad = new Set(coverage.missedRows);
  const good = new Set(coverage.coveredRows);
  const rows = [...new Set([...good, ...bad])].filter((row) => row <= doc.lines);
  return RangeSet.of(
    rows.map((row) => (bad.has(row) ? (good.has(row) ? partly : missed) : covered).range(doc.line(row).from)),
    true,
  );
}
