import { inTotoFault } from "../faults.ts";
import type { Parameters } from "../parameters.ts";

const maxDepth = 8;
const maxValueLength = 4096;
/** A bare number in braces is a regular expression's repetition. */
const directive = /\{([A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*)\}/g;

/**
 * Parameters whose values may name other parameters, each with its whole value.
 *
 * @throws CustodyError `in-toto/metadata` for values that lead in a circle, or name one that nobody gave.
 */
export function resolveParameters(given: Parameters): Parameters {
  return Object.fromEntries(Object.keys(given).map((name) => [name, resolve(name, given, 0)]));
}

function resolve(name: string, given: Parameters, depth: number): string {
  if (depth > maxDepth) throw malformed(`the value of ${name} names itself, or too many others`);
  const value = valueOf(name, given).replace(directive, (_, inner: string) =>
    resolve(inner, given, depth + 1),
  );
  if (value.length > maxValueLength) throw malformed(`the value of ${name} is too long`);
  return value;
}

/** A text with parameters put in; each that it names must be given. */
export function substitute(text: string, parameters: Parameters): string {
  return text.replace(directive, (_, name: string) => valueOf(name, parameters));
}

/** As {@link substitute}, for a rule in CEL: a value that could end the text it stands in is refused. */
export function substituteInCel(rule: string, parameters: Parameters): string {
  return rule.replace(directive, (_, name: string) => {
    const value = valueOf(name, parameters);
    if (/["'`\\]|\p{Cc}/u.test(value))
      throw malformed(`the value of ${name} has a quote, a backslash or a line's end`);
    return value;
  });
}

function valueOf(name: string, parameters: Parameters): string {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined) throw malformed(`nobody gave the layout's parameter ${name}`);
  return value;
}

function malformed(message: string): Error {
  return inTotoFault("in-toto/metadata", `not an attestation layout: ${message}`);
}
