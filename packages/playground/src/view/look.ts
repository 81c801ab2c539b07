import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours are the page's variables (page.css), which know light from dark.

const highlighting = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.atom, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: tags.function(tags.variableName), color: "var(--code-function)" },
  { tag: tags.definition(tags.variableName), color: "var(--code-definition)", fontWeight: "600" },
  { tag: tags.special(tags.variableName), color: "var(--code-root)" },
  { tag: tags.propertyName, color: "var(--code-property)" },
  { tag: [tags.operator, tags.bracket, tags.separator], color: "var(--code-sign)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--paper)", color: "var(--ink)" },
  // The section around shows the focus (page.css): an outline here would lie below the lines.
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "13px", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-gutters": {
    backgroundColor: "var(--paper)",
    color: "var(--faint)",
    border: "none",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active)" },
  "&:not(.cm-focused) .cm-activeLine, &:not(.cm-focused) .cm-activeLineGutter": {
    backgroundColor: "transparent",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    borderRadius: "4px",
  },
  ".cm-diagnostic": { fontFamily: "var(--sans)", fontSize: "12.5px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-line.decided-held": { backgroundColor: "var(--good-band)" },
  ".cm-line.decided-stopped": { backgroundColor: "var(--warn-band)" },
  ".decided-note": { marginLeft: "2.5ch", fontSize: "12px", fontStyle: "normal", whiteSpace: "pre" },
  ".decided-note.held": { color: "var(--good)" },
  ".decided-note.stopped": { color: "var(--warn)" },
  ".coverage-gutter": { width: "3px" },
  ".coverage-gutter .cm-gutterElement": { padding: "0" },
  ".coverage-covered": { backgroundColor: "var(--covered)" },
  ".coverage-missed": { backgroundColor: "var(--missed)" },
  ".coverage-partly": { backgroundColor: "var(--partly)" },
});

export const look = [theme, syntaxHighlighting(highlighting)];
