/** How the cells of a column stand. */
export type Alignment = "left" | "right";

export interface TableOptions {
  readonly header?: readonly string[];
  /** Of each column's cells; the header is centred. Default left. */
  readonly alignments?: readonly Alignment[];
  /** Cells may have several lines, and there is a rule between rows. */
  readonly ruled?: boolean;
}

/** A table with a frame, as OPA's commands print it. */
export function tableText(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const { header, alignments = [], ruled = false } = options;
  const groups = rows.map((row) => (ruled ? linesOf(row) : [row]));
  const all = [...(header ? [header] : []), ...groups.flat()];
  const widths = (all[0] ?? []).map((_, i) => Math.max(...all.map((row) => textWidth(row[i] ?? ""))));
  const line = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const cells = (row: readonly string[], pad: typeof padded): string =>
    `│${widths.map((width, i) => ` ${pad(row[i] ?? "", width, alignments[i] ?? "left")} `).join("│")}│`;
  return [
    line("┌", "┬", "┐"),
    ...(header ? [cells(header, centred), line("├", "┼", "┤")] : []),
    ...groups.flatMap((group, i) => [
      ...(ruled && i > 0 ? [line("├", "┼", "┤")] : []),
      ...group.map((row) => cells(row, padded)),
    ]),
    line("└", "┴", "┘"),
    "",
  ].join("\n");
}

/** The rows that a row with cells of several lines takes. */
function linesOf(row: readonly string[]): readonly (readonly string[])[] {
  const cells = row.map((cell) => cell.split("\n"));
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, i) => cells.map((lines) => lines[i] ?? ""));
}

function padded(text: string, width: number, alignment: Alignment): string {
  const space = " ".repeat(width - textWidth(text));
  return alignment === "left" ? text + space : space + text;
}

function centred(text: string, width: number): string {
  const space = width - textWidth(text);
  const before = Math.floor(space / 2);
  return " ".repeat(before) + text + " ".repeat(space - before);
}

/** How many columns of a terminal a text takes. */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

const isNarrow = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;
const isWide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

function characterWidth(character: string): number {
  if (character >= " " && character <= "~") return 1;
  if (isNarrow.test(character)) return 0;
  return isWide.test(character) ? 2 : 1;
}
