import type { Bytes } from "./bytes.ts";
import { parseHex, toHex } from "./bytes.ts";
import type { Crypto } from "./crypto.ts";
import { CustodyError } from "./faults.ts";

/** `sha256:` and 64 lowercase hexadecimal digits (OCI image-spec, descriptor §digests). */
export type Digest = `sha256:${string}` & { readonly brand: "Digest" };

const pattern = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return pattern.test(text);
}

/** @throws CustodyError `digest/syntax` for anything but `sha256:` with 64 lowercase hexadecimal digits. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) {
    throw new CustodyError("digest/syntax", `"${text.slice(0, 80)}" is not a sha256 digest`, {
      next: "write it as sha256: and 64 lowercase hexadecimal digits",
    });
  }
  return text;
}

export function digestOf(crypto: Pick<Crypto, "sha256">, data: Uint8Array): Digest {
  return formatDigest(crypto.sha256(data));
}

/** The digest that 32 raw SHA-256 bytes stand for. */
export function formatDigest(hash: Uint8Array): Digest {
  return parseDigest(`sha256:${toHex(hash)}`);
}

/** The 64 hexadecimal digits, as in-toto digest sets write them. */
export function hexOf(digest: Digest): string {
  return digest.slice("sha256:".length);
}

export function bytesOf(digest: Digest): Bytes {
  return parseHex(hexOf(digest));
}
