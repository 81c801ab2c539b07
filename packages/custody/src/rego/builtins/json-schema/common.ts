import { equal, isArray, objectGet, readJson, toPlainJson } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { goJson } from "../encoding/go-json.ts";
import { fieldOf } from "./finding.ts";
import { hasFormat } from "./formats.ts";
import type { Part, PartValidator } from "./part.ts";

/** The words for values of every kind. */
export function validateCommon(validator: PartValidator, { schema, value, path, report }: Part): void {
  const constant = validator.word(schema, "const");
  if (constant !== undefined && !equal(constant, value))
    report.add("const", path, `${fieldOf(path)} does not match: ${plainText(constant)}`);
  const choices = objectGet(schema, "enum");
  if (choices !== undefined && isArray(choices) && choices.length > 0) {
    const allowed = choices.map(plainText).join(", ");
    if (!choices.some((choice) => equal(choice, value)))
      report.add("enum", path, `${fieldOf(path)} must be one of the following: ${allowed}`);
  }
  const format = objectGet(schema, "format");
  if (typeof format === "string" && typeof value === "string" && !hasFormat(format, value))
    report.add("format", path, `Does not match format '${format}'`);
  report.rise();
}

/** JSON with numbers in their shortest form. */
function plainText(value: RegoValue): string {
  return goJson(readJson(JSON.stringify(toPlainJson(value))));
}
