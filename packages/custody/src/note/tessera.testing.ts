import { readFileSync } from "node:fs";

import { webCrypto } from "custody/ground/web-crypto";

import { parseVerifierKey, verifyCheckpoint } from "./index.ts";

const origin = "example.com/log/testdata";
const verifierKey = `${origin}+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx`;

/** The sizes of the log among Tessera's test data that have a checkpoint. */
export const tesseraSizes: readonly number[] = Array.from({ length: 16 }, (_, size) => size);

export function readTesseraCheckpoint(directory: string, size: number): string {
  return readFileSync(`${directory}/checkpoint.${size}`, "utf8");
}

/** Verifies a note as a checkpoint of Tessera's log; its size and root. */
export async function verifyTesseraCheckpoint(note: string): ReturnType<typeof verifyCheckpoint> {
  return verifyCheckpoint(webCrypto, note, { origin, logKey: parseVerifierKey(webCrypto, verifierKey) });
}
