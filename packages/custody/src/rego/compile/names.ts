/** Makes names that no text of Rego can hold, and remembers what each stands for. */
export class Names {
  readonly #originals = new Map<string, string>();
  #count = 0;

  /** A new name for a declared variable. */
  declare(original: string): string {
    const name = `${original}#${this.#count++}`;
    this.#originals.set(name, original);
    return name;
  }

  /** A name for what the compiler itself puts into a variable. */
  generate(): string {
    return `#${this.#count++}`;
  }

  /** What the user wrote. */
  original(name: string): string {
    return this.#originals.get(name) ?? name;
  }
}

/** True for names that the user did not write. */
export function isGenerated(name: string): boolean {
  return name.startsWith("#") || name.startsWith("$");
}
