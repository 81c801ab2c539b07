import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { Document, Node, YAMLError, YAMLMap } from "yaml";

import {
  objectEntries,
  numberText,
  isNumber,
  isObject,
  setName,
  stringOfBytes,
  stringBytes,
} from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { decodeBase64 } from "../encoding/base64-codec.ts";
import { resolveScalar, UnsupportedFloat } from "./resolve.ts";
import { findIndented, rereads } from "./unindented.ts";

/** Aliases may not make more of a document than this. */
const nodeLimit = 1_000_000;

/** YAML 1.1 §5.1: what no text may have. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * The first document of a YAML 1.1 text as JSON has it: names are texts, of two equal ones the later counts.
 *
 * @throws BuiltinError
 */
export function readYaml(context: BuiltinContext, text: string): RegoValue {
  const [document] = parseYaml(context, text);
  return document ? valueOf(context, document) : null;
}

/**
 * All documents of a YAML 1.1 text; one that is empty is null.
 *
 * @throws BuiltinError
 */
export function readYamlDocuments(context: BuiltinContext, text: string): readonly RegoValue[] {
  return parseYaml(context, text).map((document) => valueOf(context, document));
}

function parseYaml(context: BuiltinContext, given: string): readonly Document[] {
  context.spend(given.length);
  if (controls.test(given)) throw new BuiltinError("yaml: control characters are not allowed");
  let documents = parseText(given);
  let text: string | undefined = given;
  for (let left = rereads(given); left > 0; left--) {
    const error = documents.flatMap(({ errors }) => errors)[0];
    text = error && findIndented(text, error);
    if (text === undefined) return documents;
    documents = parseText(text);
  }
  return documents;
}

function parseText(text: string): readonly Document[] {
  const documents = parseAllDocuments(text, {
    schema: "failsafe",
    uniqueKeys: false,
    logLevel: "silent",
    lineCounter: new LineCounter(),
  });
  return Array.isArray(documents) ? documents : [];
}

function valueOf(context: BuiltinContext, document: Document): RegoValue {
  const [error] = document.errors;
  if (error) throw new BuiltinError(`yaml: ${explain(error)}`);
  return new DocumentReader(context, document).value(document.contents);
}

class DocumentReader {
  readonly #context: BuiltinContext;
  readonly #document: Document;
  #nodes = 0;
  #anchors: ReadonlyMap<string, Node> | undefined;

  constructor(context: BuiltinContext, document: Document) {
    this.#context = context;
    this.#document = document;
  }

  value(node: unknown): RegoValue {
    if (++this.#nodes > nodeLimit) throw new BuiltinError("yaml: document contains excessive aliasing");
    this.#context.spend(1);
    if (isAlias(node)) return this.value(this.#target(node.source));
    if (isSeq(node)) return node.items.map((item) => this.value(item));
    if (isMap(node)) return this.#map(node);
    return isScalar(node) ? this.#scalar(node) : null;
  }

  #target(name: string): Node {
    this.#anchors ??= anchorsOf(this.#document.contents);
    const found = this.#anchors.get(name);
    if (found) return found;
    throw new BuiltinError(`yaml: unknown anchor '${name}' referenced`);
  }

  #map({ items }: YAMLMap): RegoValue {
    const own: Record<string, RegoValue> = {};
    const merged: Record<string, RegoValue> = {};
    for (const { key, value } of items) {
      if (isMergeKey(key)) this.#merge(this.value(value), merged);
      else setName(own, nameOf(this.value(key)), this.value(value));
    }
    for (const [name, value] of Object.entries(merged))
      if (!Object.hasOwn(own, name)) setName(own, name, value);
    return own;
  }

  #merge(value: RegoValue, into: Record<string, RegoValue>): void {
    const sources: readonly RegoValue[] = Array.isArray(value) ? value.toReversed() : [value];
    for (const source of sources) {
      if (!isObject(source))
        throw new BuiltinError("yaml: map merge requires map or sequence of maps as the value");
      for (const [name, member] of objectEntries(source)) setName(into, nameOf(name), member);
    }
  }

  #scalar({
    source = "",
    type,
    tag,
  }: {
    readonly source?: string;
    readonly type?: string;
    readonly tag?: string;
    readonly value: unknown;
  }): RegoValue {
    const plain = type === "PLAIN";
    if (tag?.endsWith("binary")) return stringOfBytes(decodeBase64(stringBytes(source), "standard"));
    if (!plain || tag === "!!str" || tag?.endsWith(":str")) return source;
    try {
      return resolveScalar(source);
    } catch (error) {
      if (error instanceof UnsupportedFloat)
        throw new BuiltinError(`json: unsupported value: ${floatName(error.message)}`);
      throw error;
    }
  }
}

function anchorsOf(contents: unknown): ReadonlyMap<string, Node> {
  const anchors = new Map<string, Node>();
  const visit = (node: unknown): void => {
    if ((isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined)
      anchors.set(node.anchor, node);
    if (isSeq(node)) node.items.forEach(visit);
    if (isMap(node)) for (const { key, value } of node.items) [key, value].forEach(visit);
  };
  visit(contents);
  return anchors;
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.source === "<<";
}

function nameOf(key: RegoValue): string {
  if (typeof key === "string") return key;
  if (isNumber(key)) return numberText(key);
  if (typeof key === "boolean") return String(key);
  throw new BuiltinError(key === null ? "unsupported map key of type: <nil>" : "yaml: invalid map key");
}

function floatName(text: string): string {
  if (/nan/i.test(text)) return "NaN";
  return text.startsWith("-") ? "-Inf" : "+Inf";
}

/** In go-yaml's words where the two agree on what is wrong. */
function explain({ code, message, linePos }: YAMLError): string {
  const line = `line ${linePos?.[0].line ?? 1}: `;
  if (code === "BAD_ALIAS") return message;
  if (/flow (?:sequence|collection).*\]|sequence.*end with a \]/i.test(message))
    return `${line}did not find expected ',' or ']'`;
  if (/flow map.*\}|map.*end with a \}/i.test(message)) return `${line}did not find expected ',' or '}'`;
  if (/Nested mappings/i.test(message)) return "mapping values are not allowed in this context";
  if (/reserved|tabs? /i.test(message)) return "found character that cannot start any token";
  if (/closing ['"]/i.test(message)) return "found unexpected end of stream";
  return `${line}could not find expected ':'`;
}
