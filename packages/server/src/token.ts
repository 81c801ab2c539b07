import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { createFile } from "@custody/node/files";
import { Secret, utf8 } from "custody/ground";

/** The administrator's token of a directory: made on first start, readable by the owner only. */
export async function openToken(directory: string): Promise<Secret<string>> {
  const path = join(directory, "token");
  await createFile(path, utf8(`${randomBytes(32).toString("base64url")}\n`), { mode: 0o600 });
  return new Secret((await readFile(path, "utf8")).trim());
}

/** Whether the presented word is the token; takes as long for a wrong one as for the right one. */
export function isToken(token: Secret<string>, presented: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(token.reveal()), hash(presented));
}

/** The password or token of an Authorization header: `Bearer TOKEN`, or `Basic` with the token as password. */
export function findCredential(header: string | undefined): string | undefined {
  const [scheme = "", value = ""] = header?.split(" ") ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const decoded = Buffer.from(value, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon < 0 ? undefined : decoded.slice(colon + 1);
}
