import { quote, stringBytes } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import { unescapePercent } from "../encoding/percent.ts";

/** A URI or a relative reference (RFC 3986), in its parts as Go's `url.Parse` finds them. */
export interface Reference {
  readonly scheme: string;
  /** With the port. */
  readonly host: string;
  /** Unescaped. */
  readonly path: string;
  /** As it was written, where that says more than the path. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly fragment: string;
}

/** @throws BuiltinError */
export function parseReference(text: string): Reference {
  const hash = text.indexOf("#");
  const whole = hash < 0 ? text : text.slice(0, hash);
  const reference = named(whole, () => parseParts(whole));
  const fragment = hash < 0 ? "" : named(text, () => unescapePercent(text.slice(hash + 1)));
  return { ...reference, fragment };
}

function named<Result>(text: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (error instanceof BuiltinError) throw new BuiltinError(`parse ${quote(text)}: ${error.message}`);
    throw error;
  }
}

const empty = { scheme: "", host: "", path: "", rawPath: "", rawQuery: "", fragment: "" };

function parseParts(text: string): Reference {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new BuiltinError("net/url: invalid control character in URL");
  if (text === "*") return { ...empty, path: "*" };
  if (text.startsWith(":")) throw new BuiltinError("missing protocol scheme");
  const [, scheme = "", hierarchy = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  const [, rest = "", rawQuery = ""] = /^([^?]*)\??(.*)$/s.exec(hierarchy) ?? [];
  const found = { ...empty, scheme: scheme.toLowerCase(), rawQuery };
  if (!rest.startsWith("/")) {
    if (scheme !== "") return found;
    if (/^[^/]*:/.test(rest)) throw new BuiltinError("first path segment in URL cannot contain colon");
  }
  const hasHost = rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"));
  const [, authority = "", path = ""] = hasHost ? (/^\/\/([^/]*)(.*)$/s.exec(rest) ?? []) : ["", "", rest];
  const unescaped = unescapePercent(path);
  const rawPath = path === escapePath(unescaped) ? "" : path;
  return { ...found, host: parseAuthority(authority), path: unescaped, rawPath };
}

function parseAuthority(authority: string): string {
  const at = authority.lastIndexOf("@");
  const host = parseHost(authority.slice(at + 1));
  const user = at < 0 ? "" : authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) throw new BuiltinError("net/url: invalid userinfo");
  unescapePercent(user);
  return host;
}

function parseHost(host: string): string {
  const bracket = host.startsWith("[") ? host.lastIndexOf("]") : undefined;
  if (bracket === -1) throw new BuiltinError("missing ']' in host");
  const colon = bracket === undefined ? host.lastIndexOf(":") : bracket + 1;
  const port = colon < 0 ? "" : host.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) throw new BuiltinError(`invalid port ${quote(port)} after host`);
  const bad = /[^A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]/u.exec(host);
  if (bad) throw new BuiltinError(`invalid character ${quote(bad[0])} in host name`);
  const ascii = /%(?!25)[0-7][0-9A-Fa-f]/.exec(host);
  if (ascii) throw new BuiltinError(`invalid URL escape ${quote(ascii[0])}`);
  return unescapePercent(host);
}

/** The host without its port and brackets. */
export function hostName({ host }: Reference): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  return bracketed ?? host.replace(/:\d*$/, "");
}

/** The digits of the port, or nothing. */
export function portOf({ host }: Reference): string {
  return /:(\d*)$/.exec(host)?.[1] ?? "";
}

/** The path with what must be escaped. */
export function escapedPath({ path, rawPath }: Reference): string {
  return rawPath !== "" && /^[A-Za-z0-9\-._~!$&'()*+,;=:@/[\]%]*$/.test(rawPath) ? rawPath : escapePath(path);
}

function escapePath(path: string): string {
  return Array.from(stringBytes(path), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-._~$&+,/:;=@]/.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
