import { quote, stringBytes } from "../../../values/index.ts";
import { pad, truncate } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { canBackquote, quoteAscii } from "./quoting.ts";

/** A string under a verb; undefined where strings do not know the verb. */
export function findText(text: string, verb: string, layout: Layout): string | undefined {
  switch (verb) {
    case "v":
      return layout.sharpV ? quoted(text, layout) : pad(truncate(text, layout), layout);
    case "s":
      return pad(truncate(text, layout), layout);
    case "x":
      return hex(text, layout);
    case "X":
      return hex(text, layout).toUpperCase();
    case "q":
      return quoted(text, layout);
    default:
      return undefined;
  }
}

function quoted(text: string, layout: Layout): string {
  const shown = truncate(text, layout);
  if (layout.sharp && canBackquote(shown)) return pad(`\`${shown}\``, layout);
  return pad(layout.plus ? quoteAscii(shown) : quote(shown), layout);
}

/** The bytes of the string; `#` puts 0x before them, before each where a space parts them. */
function hex(text: string, layout: Layout): string {
  const bytes = stringBytes(text).subarray(0, layout.precision);
  const prefix = layout.sharp ? "0x" : "";
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const shown = layout.space
    ? pairs.map((pair) => prefix + pair).join(" ")
    : (pairs.length > 0 ? prefix : "") + pairs.join("");
  return pad(shown, layout);
}
