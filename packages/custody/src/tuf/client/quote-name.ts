import { toHex, utf8 } from "custody/ground";

/** A name as one segment of a URL, or as a file's: all but letters, digits, `_`, `.`, `-` and `~` percent-encoded. */
export function quoteName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.~-]/gu, (character) =>
    toHex(utf8(character)).toUpperCase().replaceAll(/../g, "%$&"),
  );
}
