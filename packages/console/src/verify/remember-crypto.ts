import type { Crypto, PublicKey } from "custody/ground";

/**
 * A Crypto that verifies each signature once: chains of one commit have the source, the stemcells and the authorities in common,
 * and a browser's signatures are worked out on other threads, each a way there and back. To be used for one answer.
 */
export function rememberCrypto(crypto: Crypto): Crypto {
  const known = new Map<string, boolean | Promise<boolean>>();
  const once = (key: string, verify: () => boolean | Promise<boolean>): boolean | Promise<boolean> => {
    const found = known.get(key) ?? verify();
    known.set(key, found);
    return found;
  };
  return {
    sha256: (data) => crypto.sha256(data),
    verify: (key, signature, data) =>
      once(nameOf("data", key, [signature, data]), () => crypto.verify(key, signature, data)),
    verifyDigest: async (key, signature, digest) =>
      once(nameOf("digest", key, [signature, digest]), () => crypto.verifyDigest(key, signature, digest)),
  };
}

// The whole content, each part with its length: no two questions have one name.
function nameOf(kind: string, { scheme, spki }: PublicKey, parts: readonly Uint8Array[]): string {
  return [kind, scheme, ...[spki, ...parts].map(textOf)].join("\n");
}

// One character for each of the 256 bytes, no two the same (WHATWG Encoding, windows-1252).
const characters = new TextDecoder("latin1");

function textOf(bytes: Uint8Array): string {
  return `${bytes.length}:${characters.decode(bytes)}`;
}
