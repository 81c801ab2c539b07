import type { Bytes, Crypto, PublicKey } from "custody/ground";
import { concatBytes, CustodyError, derValue, parseBase64, parseHex, toBase64 } from "custody/ground";

import { wireFault, WireReader } from "./wire.ts";

/** An SSH public key in a form that can verify. `blob` is the wire form (RFC 4253 §6.6) that identifies it. */
export interface SshPublicKey {
  readonly type: string;
  readonly blob: Bytes;
  readonly key: PublicKey;
  /** The application of a security key (`sk-…@openssh.com`), which its signatures cover. */
  readonly application?: Bytes;
}

// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) up to the key itself: id-Ed25519 (RFC 8410), id-ecPublicKey with a named curve (RFC 5480).
const ed25519Prefix = parseHex("302a300506032b6570032100");
const ecPrefixes: Readonly<
  Record<string, { prefix: Bytes; pointBytes: number; scheme: PublicKey["scheme"] }>
> = {
  nistp256: {
    prefix: parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
    pointBytes: 65,
    scheme: "ecdsa-p256-sha256",
  },
  nistp384: {
    prefix: parseHex("3076301006072a8648ce3d020106052b81040022036200"),
    pointBytes: 97,
    scheme: "ecdsa-p384-sha384",
  },
  nistp521: {
    prefix: parseHex("30819b301006072a8648ce3d020106052b8104002303818600"),
    pointBytes: 133,
    scheme: "ecdsa-p521-sha512",
  },
};
const rsaAlgorithm = parseHex("300d06092a864886f70d0101010500");
const minRsaBytes = 256;
const maxRsaBytes = 2048;

/**
 * The key of one `authorized_keys`-style line: type, base64 and an optional comment.
 *
 * @throws CustodyError `git/ssh-format`, or `git/ssh-key-type` for a type that is not verified here.
 */
export function parseSshPublicKey(line: string): SshPublicKey {
  const [type, blob] = line.trim().split(/[ \t]+/);
  if (!type || !blob || line.length > 16_384) throw wireFault("expected a key type and base64");
  const key = parseSshKeyBlob(parseBase64(blob));
  if (key.type !== type) throw wireFault(`the line says ${type}, the key says ${key.type}`);
  return key;
}

/** The key of its wire form (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, OpenSSH PROTOCOL.u2f). */
export function parseSshKeyBlob(blob: Bytes): SshPublicKey {
  const reader = new WireReader(blob);
  const type = reader.text();
  const key = readKey(reader, type);
  const application = type.startsWith("sk-") ? reader.string() : undefined;
  reader.end();
  return { type, blob, key, ...(application ? { application } : {}) };
}

function readKey(reader: WireReader, type: string): PublicKey {
  switch (type) {
    case "ssh-ed25519":
    case "sk-ssh-ed25519@openssh.com":
      return readEd25519(reader);
    case "ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp384":
    case "ecdsa-sha2-nistp521":
      return readEcdsa(reader, type.slice("ecdsa-sha2-".length));
    case "sk-ecdsa-sha2-nistp256@openssh.com":
      return readEcdsa(reader, "nistp256");
    case "ssh-rsa":
      return readRsa(reader);
    default:
      throw new CustodyError(
        "git/ssh-key-type",
        `SSH keys of type "${type.slice(0, 64)}" are not verified here`,
        {
          next: "use an ed25519, ecdsa, rsa or security key (sk-) of these types",
        },
      );
  }
}

function readEd25519(reader: WireReader): PublicKey {
  const point = reader.string();
  if (point.length !== 32) throw wireFault("an ed25519 key has 32 bytes");
  return { scheme: "ed25519", spki: concatBytes(ed25519Prefix, point) };
}

function readEcdsa(reader: WireReader, curve: string): PublicKey {
  const named = reader.text();
  const point = reader.string();
  const form = ecPrefixes[curve];
  if (!form || named !== curve || point.length !== form.pointBytes || point[0] !== 4) {
    throw wireFault("an ECDSA key has its curve's name and an uncompressed point");
  }
  return { scheme: form.scheme, spki: concatBytes(form.prefix, point) };
}

function readRsa(reader: WireReader): PublicKey {
  const exponent = reader.string();
  const modulus = reader.string();
  const modulusBytes = modulus[0] === 0 ? modulus.length - 1 : modulus.length;
  if (modulusBytes < minRsaBytes || modulusBytes > maxRsaBytes || exponent.length > 8) {
    throw wireFault("RSA keys have 2048 to 16384 bits");
  }
  const key = derValue(0x30, concatBytes(derValue(0x02, modulus), derValue(0x02, exponent)));
  const bits = derValue(0x03, concatBytes(new Uint8Array(1), key));
  return { scheme: "rsa-pkcs1-sha512", spki: derValue(0x30, concatBytes(rsaAlgorithm, bits)) };
}

/** `SHA256:` and unpadded base64, as `ssh-keygen -l` prints it. */
export function fingerprintOf(crypto: Pick<Crypto, "sha256">, key: SshPublicKey): string {
  return `SHA256:${toBase64(crypto.sha256(key.blob)).replace(/=+$/, "")}`;
}
