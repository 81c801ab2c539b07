import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, CustodyError, toHex, utf8 } from "custody/ground";

/** A git object id: 40 lowercase hexadecimal digits (SHA-1 repositories) or 64 (SHA-256 repositories). */
export type ObjectId = string & { readonly brand: "ObjectId" };

export type ObjectType = "blob" | "tree" | "commit" | "tag";

const pattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** @throws CustodyError `git/object-id`. */
export function parseObjectId(text: string): ObjectId {
  if (!pattern.test(text)) {
    throw new CustodyError("git/object-id", `"${text.slice(0, 80)}" is not a git object id`, {
      next: "write all 40 (or 64) lowercase hexadecimal digits",
    });
  }
  return text as ObjectId;
}

/** The digest algorithm's name in an in-toto digest set for ids of this length. */
export function hashNameOf(id: ObjectId): "sha1" | "sha256" {
  return id.length === 40 ? "sha1" : "sha256";
}

/**
 * Whether the bytes are the object that the id names (gitformat-pack: `type SP length NUL body`).
 *
 * SHA-1 collisions are known: nothing in Custody rests on a SHA-1 id alone. The tree that is built is bound by SHA-256.
 */
export function isObject(id: ObjectId, type: ObjectType, body: Uint8Array): boolean {
  return objectIdOf(type, body, hashNameOf(id)) === id;
}

export function objectIdOf(type: ObjectType, body: Uint8Array, hash: "sha1" | "sha256" = "sha1"): ObjectId {
  const object = concatBytes(utf8(`${type} ${body.length}\0`), body);
  return toHex(hash === "sha1" ? sha1(object) : sha256(object)) as ObjectId;
}
