import { objectOf, readJson } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { configFault } from "./options.ts";
import { mergeConfigurations } from "./merge.ts";

/**
 * The configuration that a setting of a command makes: `bundles.authz.service=acme`, several after commas. `true`,
 * `false`, `null` and whole numbers are what they look like, `{a,b}` is a list, a backslash takes a dot or comma as it is.
 *
 * @param readText makes the value of a text; without it, the text is read as above.
 * @throws RegoFault `rego/config` for what is no setting.
 */
export function parseSetting(setting: string, readText: (text: string) => RegoValue = scalar): AnyObject {
  return splitAt(setting, ",").reduce<AnyObject>((whole, part) => {
    const [, path = "", given = ""] = /^((?:\\.|[^=\\])+)=(.*)$/s.exec(part) ?? [];
    const names = splitAt(path, ".").map(unescaped);
    if (names.some((name) => name === ""))
      throw configFault(`${setting} is no setting: write NAME.NAME=VALUE`);
    const list = /^\{(.*)\}$/s.exec(given)?.[1];
    const value =
      list === undefined ? readText(unescaped(given)) : splitAt(list, ",").map((one) => readText(one));
    return mergeConfigurations(whole, below(names, value));
  }, {});
}

function below(names: readonly string[], value: RegoValue): AnyObject {
  const [first = "", ...others] = names;
  return objectOf([[first, others.length === 0 ? value : below(others, value)] as const]);
}

/** Not at separators after a backslash, or between braces. */
function splitAt(text: string, separator: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    depth += character === "{" ? 1 : character === "}" ? -1 : 0;
    if (character === separator && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + (character === "\\" ? text.slice(i, ++i + 1) : character));
  }
  return parts;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, "$1");
}

function scalar(text: string): RegoValue {
  return /^(?:true|false|null|0|-?[1-9]\d{0,15})$/.test(text) ? readJson(text) : text;
}
