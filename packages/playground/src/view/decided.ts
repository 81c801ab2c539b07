import { StateEffect, StateField } from "@codemirror/state";
import type { EditorState, Range } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";
import type { DecorationSet } from "@codemirror/view";

import type { TracedDocument, Way } from "../desk/index.ts";
import { element } from "./element.ts";

export const setTrace = StateEffect.define<readonly TracedDocument[]>();

const maxNoteLength = 120;
const maxValueLength = 40;

/** Marks the lines that decided, and says behind them what they came to; an edit takes the marks off. */
export const decided = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    let next = transaction.docChanged ? Decoration.none : marks;
    for (const effect of transaction.effects) {
      if (effect.is(setTrace)) next = marksOf(effect.value, transaction.state);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

class Note extends WidgetType {
  readonly text: string;
  readonly kind: string;

  constructor(text: string, kind: string) {
    super();
    this.text = text;
    this.kind = kind;
  }

  override eq(other: Note): boolean {
    return other.text === this.text && other.kind === this.kind;
  }

  override toDOM(): HTMLElement {
    return element("span", { class: `decided-note ${this.kind}` }, this.text);
  }
}

function marksOf(trace: readonly TracedDocument[], state: EditorState): DecorationSet {
  const marks = trace.flatMap((one) =>
    one.ways
      .filter((way) => way.isDecisive && isHere(way, state))
      .flatMap((way) => wayMarks(way, one, state)),
  );
  return Decoration.set(marks, true);
}

/** A trace is of the text that was sent; the text here may be shorter by now. */
function isHere({ rule }: Way, state: EditorState): boolean {
  return rule.field === "policy" && rule.to <= state.doc.length;
}

function wayMarks(way: Way, { value }: TracedDocument, state: EditorState): readonly Range<Decoration>[] {
  const isHeld = way.kind === "held";
  const place = way.stop?.place ?? way.rule;
  const [first, last] = [state.doc.lineAt(place.from), state.doc.lineAt(place.to)];
  const lines = Array.from({ length: last.number - first.number + 1 }, (_, i) =>
    Decoration.line({ class: isHeld ? "decided-held" : "decided-stopped" }).range(
      state.doc.line(first.number + i).from,
    ),
  );
  const text = isHeld ? `✓ ${isShort(value) ? value : "held"}` : `✗ ${seen(way) || "stopped here"}`;
  const shown = text.length > maxNoteLength ? `${text.slice(0, maxNoteLength)}…` : text;
  const note = Decoration.widget({ widget: new Note(shown, isHeld ? "held" : "stopped"), side: 1 });
  return [...lines, note.range(first.to)];
}

/** The value of a set of many rules belongs to none of them alone, and is long. */
function isShort(value: string | undefined): boolean {
  return value !== undefined && value.length <= maxValueLength;
}

function seen({ known }: Way): string {
  return known.map(([name, value]) => `${name} is ${value}`).join(", ");
}
