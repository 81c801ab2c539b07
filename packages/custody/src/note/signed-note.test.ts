import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import { formatNote, parseNote } from "./index.ts";

const line =
  "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

test("splits a note at its last blank line", () => {
  const note = `one\n\ntwo\n\n${line}${line}`;
  const parsed = parseNote(note);
  assert.equal(parsed.text, "one\n\ntwo\n");
  assert.deepEqual(
    parsed.signatures.map(({ name, keyId, signature }) => [name, keyId, signature.length]),
    [
      ["example.com/foo", "530d903a", 64],
      ["example.com/foo", "530d903a", 64],
    ],
  );
  assert.equal(formatNote(parsed), note);
  assert.deepEqual(parseNote(utf8(note)), parsed);
});

test("takes 64 signatures and no more", () => {
  assert.equal(parseNote(`text\n\n${line.repeat(64)}`).signatures.length, 64);
  assert.throws(() => parseNote(`text\n\n${line.repeat(65)}`), { code: "note/limit" });
  assert.throws(() => parseNote(`${"x".repeat(1_000_000)}\n\n${line}`), { code: "note/limit" });
});

const malformed: Record<string, string> = {
  "no signature": "text\n\n",
  "no blank line": `text\n${line}`,
  "a signature line without its newline": `text\n\n${line.trimEnd()}`,
  "text after the signatures": `text\n\n${line}more\n`,
  "an empty text": `\n${line}`,
  "a carriage return": `text\r\n\n${line}`,
  "a tab": `te\txt\n\n${line}`,
  "a null": `te\0xt\n\n${line}`,
  "a lone surrogate": `te\ud800xt\n\n${line}`,
  "a hyphen for the dash": `text\n\n${line.replace("—", "-")}`,
  "two spaces": `text\n\n${line.replace("foo ", "foo  ")}`,
  "an empty name": `text\n\n${line.replace("example.com/foo", "")}`,
  "a plus sign in the name": `text\n\n${line.replace("/foo", "+foo")}`,
  "a no-break space in the name": `text\n\n${line.replace("/foo", "\u00a0foo")}`,
  "a next-line character in the name": `text\n\n${line.replace("/foo", "\u0085foo")}`,
  "no base64": `text\n\n${line.replace("Uw2Q", "U-2Q")}`,
  "base64 without padding": `text\n\n${line.replace("=", "")}`,
  "base64 with trailing bits": `text\n\n${line.replace("QM=", "QN=")}`,
  "a key ID and no signature": "text\n\n— example.com/foo Uw2QOg==\n",
};

for (const [name, note] of Object.entries(malformed)) {
  test(`refuses a note with ${name}`, () => {
    assert.throws(() => parseNote(note), { code: "note/syntax" });
  });
}

test("refuses a note that is not UTF-8", () => {
  const note = utf8(`text\n\n${line}`);
  note[0] = 0xff;
  assert.throws(() => parseNote(note), { code: "note/syntax" });
});
