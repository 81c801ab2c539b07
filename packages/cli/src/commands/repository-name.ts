import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { CustodyError } from "custody/ground";

/**
 * The repository's name as its custody.yaml says it; the server reads the file again, strictly, from the signed commit.
 *
 * @throws CustodyError `cli/read`, `cli/no-name`.
 */
export async function readRepositoryName(directory: string): Promise<string> {
  const path = join(directory, "custody.yaml");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const next = "write it with `custody init`";
    throw new CustodyError("cli/read", `${path} cannot be read`, { subject: path, next, cause });
  });
  const [, name] = /^name:\s*["']?([^\s"'#]+)/m.exec(text) ?? [];
  if (name !== undefined) return name;
  throw new CustodyError("cli/no-name", `${path} names no repository`, {
    subject: path,
    next: "add `name: …`",
  });
}
