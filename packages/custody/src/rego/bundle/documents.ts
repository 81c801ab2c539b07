import { BuiltinError } from "../builtins/builtin.ts";
import type { BuiltinContext } from "../builtins/builtin.ts";
import { readYaml, readYamlDocuments } from "../builtins/yaml/read.ts";
import { RegoFault } from "../faults.ts";
import { isObject, objectEntries, objectGet, objectOf, ObjectBuilder, readJson } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";

/** The largest data file that is read, in UTF-16 units. */
const sizeLimit = 512 * 1024 * 1024;

/** True for files that hold data: JSON or YAML. */
export function isDataFile(name: string): boolean {
  return /\.(?:json|ya?ml)$/.test(name);
}

/**
 * The value that a JSON or YAML file holds; the name says which it is.
 *
 * @throws RegoFault `rego/json`, `rego/parse` or `rego/limit`, which names the file.
 */
export function parseDataFile(name: string, text: string): RegoValue {
  if (text.length > sizeLimit) throw new RegoFault("rego/limit", `${name}: larger than ${sizeLimit}`);
  return /\.ya?ml$/.test(name) ? parseYaml(name, text) : parseJson(name, text);
}

/**
 * The value of a text that is JSON, or else YAML, as OPA reads input.
 *
 * @throws RegoFault `rego/parse` or `rego/limit`, which names the text.
 */
export function parseInput(name: string, text: string): RegoValue {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof RegoFault) return parseDataFile(`${name}.yaml`, text);
    throw error;
  }
}

function parseJson(name: string, text: string): RegoValue {
  try {
    return readJson(text);
  } catch (cause) {
    if (!(cause instanceof RegoFault)) throw cause;
    throw new RegoFault("rego/json", `${name}: ${cause.message}`, { subject: name, cause });
  }
}

/**
 * Every document of a text: the one of JSON, those of YAML that are not empty. The name says which it is.
 *
 * @throws RegoFault `rego/json`, `rego/parse` or `rego/limit`, which names the text.
 */
export function parseDocuments(name: string, text: string): readonly RegoValue[] {
  if (!/\.ya?ml$/.test(name)) return [parseDataFile(name, text)];
  if (text.length > sizeLimit) throw new RegoFault("rego/limit", `${name}: larger than ${sizeLimit}`);
  return withinYaml(name, (context) => readYamlDocuments(context, text)).filter((one) => one !== null);
}

function parseYaml(name: string, text: string): RegoValue {
  return withinYaml(name, (context) => readYaml(context, text));
}

function withinYaml<Result>(name: string, work: (context: BuiltinContext) => Result): Result {
  const context = { host: {}, memo: new Map<string, unknown>(), spend: () => undefined };
  try {
    return work(context);
  } catch (cause) {
    if (!(cause instanceof BuiltinError)) throw cause;
    throw new RegoFault("rego/parse", `${name}: ${cause.message}`, { subject: name, cause });
  }
}

/** The object that has a value at a path. */
export function placedAt(path: readonly string[], value: RegoValue): RegoValue {
  return path.reduceRight((inner, name) => objectOf([[name, inner]]), value);
}

/**
 * Two documents in one: objects with the keys of both, all the way down. `name` is what the second one is called.
 *
 * @throws RegoFault `rego/conflict` where both have something that is no object.
 */
export function mergeDocuments(a: AnyObject, b: AnyObject, name: string): AnyObject {
  const merged = new ObjectBuilder();
  for (const [key, value] of objectEntries(a)) merged.set(key, value);
  for (const [key, value] of objectEntries(b)) {
    const known = objectGet(a, key);
    merged.set(key, known === undefined ? value : mergedValue(known, value, name));
  }
  return merged.build();
}

function mergedValue(a: RegoValue, b: RegoValue, name: string): RegoValue {
  if (isObject(a) && isObject(b)) return mergeDocuments(a, b, name);
  throw new RegoFault("rego/conflict", `${name}: merge error`, {
    subject: name,
    next: "two files give the same path a value; leave one of them out",
  });
}
