const strict = { fatal: true, ignoreBOM: true } as const;
/** What no text of UTF-8 has; the lexer refuses it as a character that is none, at its place. */
const noCharacter = "\ud800";

/** The text of a module's bytes; where they are not UTF-8 any more, it holds what the lexer refuses. */
export function moduleText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", strict).decode(bytes);
  } catch {
    const length = soundLength(bytes);
    const rest = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(length + 1));
    return new TextDecoder("utf-8", strict).decode(bytes.subarray(0, length)) + noCharacter + rest;
  }
}

/** How many bytes from the beginning are whole characters. */
function soundLength(bytes: Uint8Array): number {
  let [sound, unsound] = [0, bytes.length];
  while (unsound - sound > 1) {
    const middle = (sound + unsound) >>> 1;
    if (isSoundSoFar(bytes.subarray(0, middle))) sound = middle;
    else unsound = middle;
  }
  while (sound > 0 && !isSound(bytes.subarray(0, sound))) sound--;
  return sound;
}

// A character may be cut off by the end.
function isSoundSoFar(bytes: Uint8Array): boolean {
  return isDecoded(bytes, true);
}

function isSound(bytes: Uint8Array): boolean {
  return isDecoded(bytes, false);
}

function isDecoded(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder("utf-8", strict).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}
