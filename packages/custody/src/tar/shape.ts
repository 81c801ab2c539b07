import { tarFault } from "./faults.ts";
import { parentsOf } from "./path.ts";

/**
 * What a tree looks like so far: which paths are directories and which are leaves.
 *
 * It refuses a path given twice and a path below something that is not a directory, which is how an archive
 * would reach through a symbolic link that it made itself.
 */
export class TreeShape {
  readonly #kinds = new Map<string, "given" | "implied" | "leaf">();

  /** @throws CustodyError `tar/duplicate` or `tar/below-non-directory`. */
  add(path: string, kind: "directory" | "leaf"): void {
    this.#addParents(path);
    const known = this.#kinds.get(path);
    if (known !== undefined && !(known === "implied" && kind === "directory")) {
      throw tarFault("tar/duplicate", `the path "${path}" is there twice`, { subject: path });
    }
    this.#kinds.set(path, kind === "leaf" ? "leaf" : "given");
  }

  /** The directories that some path needs and none was given for. */
  impliedDirectories(): string[] {
    return [...this.#kinds].filter(([, kind]) => kind === "implied").map(([path]) => path);
  }

  #addParents(path: string): void {
    for (const parent of parentsOf(path)) {
      const known = this.#kinds.get(parent);
      if (known === "leaf") {
        throw tarFault(
          "tar/below-non-directory",
          `"${path}" lies below "${parent}", which is not a directory`,
          {
            subject: path,
          },
        );
      }
      if (known === undefined) this.#kinds.set(parent, "implied");
    }
  }
}
