import { quote } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";

/** Which characters mark the patterns in a template. */
export interface Delimiters {
  readonly open: string;
  readonly close: string;
}

/**
 * The pattern of a template: `urn:foo:{.*}` is literal text around patterns in delimiters.
 *
 * @throws BuiltinError when the delimiters do not pair up.
 */
export function templatePattern(template: string, delimiters: Delimiters): TemplatePattern {
  const literals: string[] = [];
  const patterns: string[] = [];
  let end = 0;
  for (const [start, stop] of delimited(template, delimiters)) {
    literals.push(quoteMeta(template.slice(end, start)));
    patterns.push(template.slice(start + 1, stop - 1));
    end = stop;
  }
  const whole = patterns.map((pattern, i) => `${literals[i] ?? ""}(${pattern})`).join("");
  return { patterns, whole: `^${whole}${quoteMeta(template.slice(end))}$` };
}

export interface TemplatePattern {
  /** The patterns between delimiters; each must be one on its own. */
  readonly patterns: readonly string[];
  readonly whole: string;
}

/** Where the outermost delimited stretches are. */
function delimited(template: string, { open, close }: Delimiters): (readonly [number, number])[] {
  const stretches: (readonly [number, number])[] = [];
  let level = 0;
  let start = 0;
  for (let i = 0; i < template.length; i++) {
    if (template[i] === open && ++level === 1) start = i;
    else if (template[i] === close && template[i] !== open && --level === 0) stretches.push([start, i + 1]);
    if (level < 0) break;
  }
  if (level === 0) return stretches;
  throw new BuiltinError(`unbalanced braces in ${quote(template)}`);
}

/** The text with all that means something in a pattern escaped. */
export function quoteMeta(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
