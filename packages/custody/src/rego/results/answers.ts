import { goJson } from "../builtins/encoding/go-json.ts";
import type { Answer } from "../engine.ts";
import { compareStrings } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { documentText, items, members, value } from "./document.ts";
import type { Document } from "./document.ts";
import { tableText } from "./table.ts";

/** The answers of a query as `opa eval` and OPA's API show them; undefined where there is none. */
export function answersDocument(answers: readonly Answer[]): Document | undefined {
  return answers.length > 0 ? items(answers.map(answerDocument)) : undefined;
}

function answerDocument({ expressions, bindings }: Answer): Document {
  const shown = expressions.map(({ text, at, value: found }) =>
    members({ value: value(found), text, location: members({ row: at.row, col: at.col }) }),
  );
  const isBound = Object.keys(bindings).length > 0;
  return members({ expressions: items(shown), bindings: isBound ? value(bindings) : undefined });
}

/** One array of values a line of answers. */
export function valuesText(answers: readonly Answer[]): string {
  return answers.map((answer) => `${documentText(items(valuesOf(answer).map(value)))}\n`).join("");
}

/** One object of bindings an answer. */
export function bindingsText(answers: readonly Answer[]): string {
  return answers.map(({ bindings }) => `${documentText(value(bindings))}\n`).join("");
}

/** One line an answer, its values with spaces between; strings as they are. */
export function rawText(answers: readonly Answer[]): string {
  const shown = (one: RegoValue): string => (typeof one === "string" ? one : goJson(one));
  return answers.map((answer) => `${valuesOf(answer).map(shown).join(" ")}\n`).join("");
}

/** The value where there is only one, and a table else. */
export function prettyText(answers: readonly Answer[]): string {
  const [first] = answers;
  if (!first) return "undefined\n";
  const values = valuesOf(first);
  const isUnbound = Object.keys(first.bindings).length === 0;
  const single = values.length === 1 || values.every((one) => typeof one === "boolean");
  if (answers.length === 1 && isUnbound && single) return `${documentText(value(values[0] ?? null))}\n`;
  const columns = columnsOf(first);
  const rows = answers.map((answer) => columns.map((column) => goJson(column.of(answer))));
  return tableText(rows, { header: columns.map(({ title }) => title) });
}

function valuesOf({ expressions }: Answer): readonly RegoValue[] {
  return expressions.map((one) => one.value);
}

interface Column {
  readonly title: string;
  readonly of: (answer: Answer) => RegoValue;
}

/** The variables by name, and the expressions that are more than conditions. */
function columnsOf({ bindings, expressions }: Answer): readonly Column[] {
  const names = Object.keys(bindings).sort(compareStrings);
  const variables = names.map((name): Column => ({
    title: name,
    of: (answer) => answer.bindings[name] ?? null,
  }));
  const shown = expressions.flatMap(({ text, value: found }, i): Column[] => {
    if (typeof found === "boolean" && names.length > 0) return [];
    return [{ title: text, of: (answer) => answer.expressions[i]?.value ?? null }];
  });
  return [...variables, ...shown];
}
