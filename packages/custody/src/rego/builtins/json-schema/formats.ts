import { BuiltinError } from "../builtin.ts";
import { findAddress } from "../net/address.ts";
import { parseTime } from "../time/parse.ts";
import { parseReference } from "../uri/reference.ts";
import { findPattern } from "./keywords.ts";
import { isMailAddress } from "./mail-address.ts";

const time = ["15:04:05Z07:00", "15:04:05"];
const date = ["2006-01-02"];
const instant = "2006-01-02T15:04:05Z07:00";

/** The formats that gojsonschema knows (JSON Schema draft 7 validation, §7.3). */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  date: (text) => isTime(date, text),
  time: (text) => isTime(time, text),
  "date-time": (text) => isTime([...time, ...date, instant], text),
  hostname: isHostname,
  email: isMailAddress,
  "idn-email": isMailAddress,
  ipv4: (text) => text.includes(".") && findAddress(text) !== undefined,
  ipv6: (text) => text.includes(":") && findAddress(text) !== undefined,
  uri: (text) => isReference(text, /^[A-Za-z]/),
  iri: (text) => isReference(text, /^[A-Za-z]/),
  "uri-reference": (text) => isReference(text),
  "iri-reference": (text) => isReference(text),
  "uri-template": isTemplate,
  uuid: (text) => /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/i.test(text),
  regex: (text) => findPattern(text) !== undefined,
  "json-pointer": (text) => pointer.test(text),
  "relative-json-pointer": (text) => /^(?:0|[1-9]\d*)(?=$|[/#])/.test(text) && isRelativeRest(text),
};

/** Whether a text has a format; true for a format that nobody knows. */
export function hasFormat(name: string, text: string): boolean {
  const isFormat = Object.hasOwn(formats, name) ? formats[name] : undefined;
  return isFormat?.(text) ?? true;
}

/** RFC 6901 §3. */
const pointer = /^(?:\/(?:[^~/]|~[01])*)*$/u;

function isRelativeRest(text: string): boolean {
  const rest = text.replace(/^\d+/, "");
  return rest === "#" || pointer.test(rest);
}

function isTime(layouts: readonly string[], text: string): boolean {
  return layouts.some((layout) => succeeds(() => parseTime(layout, text)));
}

function isHostname(text: string): boolean {
  const label = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;
  return text.length < 256 && text.split(".").every((part) => label.test(part));
}

/** @param scheme what it must begin with. */
function isReference(text: string, scheme?: RegExp): boolean {
  if (text.includes("\\") || !succeeds(() => parseReference(text))) return false;
  return scheme === undefined || (scheme.test(text) && parseReference(text).scheme !== "");
}

/** RFC 6570, as far as its braces go. */
function isTemplate(text: string): boolean {
  if (text.includes("\\") || !succeeds(() => parseReference(text))) return false;
  return /^(?:[^{}]|\{[^}]*\}|\})*$/.test(parseReference(text).path);
}

function succeeds(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}
