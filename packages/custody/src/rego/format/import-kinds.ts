/** `rego.v1` */
export function isRegoV1([root, version, ...more]: readonly string[]): boolean {
  return root === "rego" && version === "v1" && more.length === 0;
}

/** `future.keywords` */
export function isEveryKeyword([root, keywords, ...more]: readonly string[]): boolean {
  return root === "future" && keywords === "keywords" && more.length === 0;
}

/** The word of `future.keywords.word`. */
export function futureWord([root, keywords, word, ...more]: readonly string[]): string | undefined {
  return root === "future" && keywords === "keywords" && more.length === 0 ? word : undefined;
}
