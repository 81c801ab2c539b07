import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import type { PolicyCoverage, Problem, TracedDocument } from "../desk/index.ts";
import { rego } from "../language/index.ts";
import { coverageGutter, setCoverage } from "./coverage-gutter.ts";
import { decided, setTrace } from "./decided.ts";
import { byId } from "./element.ts";
import { look } from "./look.ts";

export interface EditorOptions {
  /** The element that holds it. */
  readonly parent: string;
  /** What it is called for those who do not see it. */
  readonly label: string;
  readonly language: "rego" | "json";
  /** Lets the editor's styles through the page's policy. */
  readonly nonce: string;
  readonly onChange: () => void;
}

/** One text of the workspace on the page. */
export class Editor {
  readonly #view: EditorView;

  constructor(options: EditorOptions) {
    const state = EditorState.create({ extensions: extensionsOf(options) });
    this.#view = new EditorView({ state, parent: byId(options.parent, HTMLElement) });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  set text(text: string) {
    if (text === this.text) return;
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  showProblems(problems: readonly Problem[]): void {
    const end = this.#view.state.doc.length;
    const diagnostics = problems.flatMap(({ place, message, code }) => {
      if (!place) return [];
      const from = Math.min(place.from, end);
      const source = code === undefined ? {} : { source: code };
      return [
        { from, to: Math.min(Math.max(place.to, from), end), severity: "error", message, ...source } as const,
      ];
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  showTrace(trace: readonly TracedDocument[]): void {
    this.#view.dispatch({ effects: setTrace.of(trace) });
  }

  showCoverage(coverage: PolicyCoverage | undefined): void {
    this.#view.dispatch({ effects: setCoverage.of(coverage) });
  }

  /** Puts the cursor there, in the middle of what is seen. */
  goTo(offset: number): void {
    const anchor = Math.min(offset, this.#view.state.doc.length);
    this.#view.dispatch({
      selection: { anchor },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
    this.#view.focus();
  }
}

function extensionsOf({ label, language, nonce, onChange }: EditorOptions): Extension {
  return [
    EditorView.cspNonce.of(nonce),
    lineNumbers(),
    language === "rego"
      ? [rego, indentUnit.of("\t"), decided, coverageGutter]
      : [json(), indentUnit.of("  ")],
    lintGutter(),
    history(),
    drawSelection(),
    highlightSpecialChars(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    bracketMatching(),
    keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    EditorState.tabSize.of(4),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
    EditorView.updateListener.of((update) => update.docChanged && onChange()),
    look,
  ];
}
