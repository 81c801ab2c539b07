import { createSign, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { derValue, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";

import {
  bitString,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  unsigned,
} from "../crypto/der-writer.ts";

/** A key pair of node:crypto. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A certificate in PEM, for `localhost` and 127.0.0.1, signed by its own key: it serves as its authority too. */
export function selfSignedCertificate(name: string, { publicKey, privateKey }: KeyPair): string {
  const algorithm = signatureAlgorithm(privateKey);
  const subject = distinguishedName(name);
  const body = sequence(
    derValue(0xa0, unsigned(Uint8Array.of(2))),
    unsigned(Uint8Array.of(1)),
    algorithm,
    subject,
    sequence(time("20200101000000Z"), time("21000101000000Z")),
    subject,
    publicKey.export({ format: "der", type: "spki" }),
    derValue(0xa3, sequence(authority(), serverNames())),
  );
  return pem("CERTIFICATE", sequence(body, algorithm, bitString(signatureOf(privateKey, body))));
}

/** A private key in PEM. */
export function privateKeyPem({ privateKey }: KeyPair): string {
  return privateKey.export({ format: "pem", type: "pkcs8" }) as string;
}

export function pem(type: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN ${type}-----\n${lines}\n-----END ${type}-----\n`;
}

function signatureAlgorithm({ asymmetricKeyType }: KeyObject): Bytes {
  switch (asymmetricKeyType) {
    case "rsa":
      return sequence(objectIdentifier("1.2.840.113549.1.1.11"), nullValue());
    case "ec":
      return sequence(objectIdentifier("1.2.840.10045.4.3.2"));
    default:
      return sequence(objectIdentifier("1.3.101.112"));
  }
}

function signatureOf(key: KeyObject, body: Bytes): Uint8Array {
  if (key.asymmetricKeyType === "ed25519") return sign(null, body, key);
  return createSign("sha256").update(body).sign(key);
}

function distinguishedName(name: string): Bytes {
  return sequence(derValue(0x31, sequence(objectIdentifier("2.5.4.3"), derValue(0x0c, utf8(name)))));
}

function time(text: string): Bytes {
  return derValue(0x18, utf8(text));
}

/** Basic constraints (RFC 5280 §4.2.1.9): an authority. */
function authority(): Bytes {
  const value = sequence(derValue(0x01, Uint8Array.of(0xff)));
  return sequence(objectIdentifier("2.5.29.19"), octetString(value));
}

/** Alternative names (RFC 5280 §4.2.1.6). */
function serverNames(): Bytes {
  const names = sequence(derValue(0x82, utf8("localhost")), derValue(0x87, Uint8Array.of(127, 0, 0, 1)));
  return sequence(objectIdentifier("2.5.29.17"), octetString(names));
}
