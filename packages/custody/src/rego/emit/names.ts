/** Names that a plain property access would find somewhere else than in the object itself. */
const inherited: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Array.prototype),
  ...Object.getOwnPropertyNames(String.prototype),
  ...Object.getOwnPropertyNames(Number.prototype),
  ...Object.getOwnPropertyNames(Boolean.prototype),
]);

/** The properties of Rego's own classes of values. */
const boxed: ReadonlySet<string> = new Set([
  "kind",
  "text",
  "size",
  "has",
  "get",
  "set",
  "add",
  "sorted",
  "entries",
  "toJSON",
]);

/** True when `value?.[name]` is the member of that name, or undefined, whatever the value is. */
export function isPlainName(name: string): boolean {
  return !inherited.has(name) && !boxed.has(name) && !/^\d/.test(name);
}
