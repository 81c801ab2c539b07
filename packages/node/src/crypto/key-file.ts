import { createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { constants, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

import { createFile, fileFault, hasErrno, makeDirectory } from "@custody/node/files";
import { CustodyError, utf8 } from "custody/ground";
import type { Signer } from "custody/ground";

import { isKeyOf } from "./algorithms.ts";
import { generatePrivateKey, signerOf, signerSchemes } from "./signer.ts";
import type { SignerScheme } from "./signer.ts";

export type KeyFileFaultCode = "crypto/key-exposed" | "crypto/key-malformed" | "crypto/key-scheme";

const keyFileLimitBytes = 16 * 1024;

/**
 * The signer over the key in a file (PKCS#8, PEM; RFC 5958, RFC 7468), which is made on first use: mode 0600,
 * durable before it signs anything. When several processes come first together, all get the same key.
 *
 * @throws CustodyError `crypto/key-exposed` when anyone but the owner could read it, `crypto/key-malformed`,
 * `crypto/key-scheme` when it holds a key of another kind, `files/…` when it cannot be read or made.
 */
export async function openKeyFile(path: string, scheme: SignerScheme): Promise<Signer> {
  try {
    const text = (await findKeyText(path)) ?? (await createKeyText(path, scheme));
    return signerOf(parseKey(path, text, scheme), scheme);
  } catch (error) {
    throw error instanceof CustodyError ? error : fileFault(error, path);
  }
}

/**
 * The signer over a key that is in a file already, of whichever scheme Custody signs with: root keys kept elsewhere.
 *
 * @throws CustodyError as {@link openKeyFile} does, and `crypto/key-malformed` where there is no such file.
 */
export async function openExistingKey(path: string): Promise<Signer> {
  try {
    const text = await findKeyText(path);
    if (text === undefined) throw malformed(path);
    const key = readPem(path, text);
    const scheme = signerSchemes.find((candidate) => isKeyOf(key, candidate));
    if (!scheme) throw malformed(path);
    return signerOf(key, scheme);
  } catch (error) {
    throw error instanceof CustodyError ? error : fileFault(error, path);
  }
}

async function findKeyText(path: string): Promise<string | undefined> {
  const file = await openExisting(path);
  if (!file) return undefined;
  try {
    const { mode, size } = await file.stat();
    const isRegular = (mode & constants.S_IFMT) === constants.S_IFREG;
    if (!isRegular || size > keyFileLimitBytes) throw malformed(path);
    if ((mode & 0o077) !== 0) throw exposed(path, mode);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

// O_NOFOLLOW: the permissions that count are those of the file itself, not of where a link happens to lead.
async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function createKeyText(path: string, scheme: SignerScheme): Promise<string | undefined> {
  const key = await generatePrivateKey(scheme);
  const text = key.export({ format: "pem", type: "pkcs8" }).toString();
  await makeDirectory(dirname(path), 0o700);
  const isOurs = await createFile(path, utf8(text), { mode: 0o600 });
  return isOurs ? text : await findKeyText(path);
}

function parseKey(path: string, text: string | undefined, scheme: SignerScheme): KeyObject {
  const key = readPem(path, text ?? "");
  if (!isKeyOf(key, scheme)) {
    throw new CustodyError<KeyFileFaultCode>("crypto/key-scheme", `the file does not hold a ${scheme} key`, {
      subject: path,
      next: "point to the key's own file, or move this one away to have a new key made",
    });
  }
  return key;
}

function readPem(path: string, text: string): KeyObject {
  try {
    return createPrivateKey({ key: text, format: "pem", type: "pkcs8" });
  } catch (cause) {
    throw malformed(path, cause);
  }
}

function malformed(path: string, cause?: unknown): CustodyError<KeyFileFaultCode> {
  return new CustodyError("crypto/key-malformed", "the file does not hold a PKCS#8 private key in PEM", {
    subject: path,
    next: "restore the key from a backup",
    cause,
  });
}

function exposed(path: string, mode: number): CustodyError<KeyFileFaultCode> {
  const bits = (mode & 0o777).toString(8);
  return new CustodyError("crypto/key-exposed", `group or others may use the private key (mode 0${bits})`, {
    subject: path,
    next: `replace the key if anyone could have read it, or run: chmod 600 ${path}`,
  });
}
