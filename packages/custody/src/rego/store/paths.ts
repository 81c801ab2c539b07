/** Names and positions on the way to a base document, from the top of `data`. */
export type DocumentPath = readonly string[];

/** The path that the text of a URL means: `a/b%2Fc`; undefined where an escape is none. Empty names do not count at its ends. */
export function parseDocumentPath(text: string): DocumentPath | undefined {
  const trimmed = text.replace(/^\/+|\/+$/g, "");
  if (trimmed === "") return [];
  try {
    return trimmed.split("/").map((name) => decodeURIComponent(name));
  } catch {
    return undefined;
  }
}

/** The path of a JSON Patch operation (RFC 6902 §4, RFC 6901 §4) below another; its names may be escaped as in URLs too. */
export function parsePatchPath(text: string): DocumentPath | undefined {
  return parseDocumentPath(text)?.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** `/a/b%2Fc` */
export function pathText(path: DocumentPath): string {
  return `/${path.map(encodeURIComponent).join("/")}`;
}

/** True where one of the paths is the beginning of the other. */
export function pathsOverlap(a: DocumentPath, b: DocumentPath): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((name, i) => name === b[i]);
}
