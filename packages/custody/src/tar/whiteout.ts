/** What a layer says it takes away (OCI image-spec, layer.md §Whiteouts). */
export type Whiteout =
  /** The one path, and all below it, is gone. */
  | { readonly kind: "remove"; readonly path: string }
  /** Everything that lower layers put into the directory is gone; "" is the root. */
  | { readonly kind: "opaque"; readonly directory: string };

const prefix = ".wh.";
const opaqueName = ".wh..wh..opq";

/** The whiteout that a path in a layer stands for, or undefined for an ordinary path. */
export function parseWhiteout(path: string): Whiteout | undefined {
  const slash = path.lastIndexOf("/");
  const directory = path.slice(0, Math.max(slash, 0));
  const name = path.slice(slash + 1);
  if (name === opaqueName) return { kind: "opaque", directory };
  if (!name.startsWith(prefix)) return undefined;
  return { kind: "remove", path: path.slice(0, slash + 1) + name.slice(prefix.length) };
}
