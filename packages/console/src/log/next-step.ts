/** What to do about what could not be verified, by its code, the longest beginning that fits. */
const steps: readonly (readonly [string, string])[] = [
  ["console/tile", "see whether the server still runs; the log is read again by itself"],
  [
    "console/no-log",
    "the log may have gone on in another shard: look at the server's new trusted root above",
  ],
  ["console/no-tile", "begin at the top of the tree"],
  ["console/other-tree", "look at the checkpoints: keep both notes and ask the log's operator"],
  ["console/question", "name one thing, and an identity together with its issuer"],
  ["console/insecure", "open the console over HTTPS, or on localhost"],
  ["merkle/range", "name an entry below the size of the log"],
  ["merkle/tile-missing", "look again; a log that lost tiles cannot prove itself: ask its operator"],
  [
    "merkle/",
    "somebody between the log and this browser changed it, or the log did: look again over another network",
  ],
  ["note/origin", "the log may have gone on in another shard: look at the server's new trusted root above"],
  ["note/", "this browser does not know the key: compare the trusted root with `custody trust show`"],
  [
    "log-index/",
    "somebody between the log and this browser changed the answer, or the server did: search again, and with `custody log search`",
  ],
];

/** One sentence that says how to go on. */
export function nextStepOf(code: string): string {
  const fitting = steps.filter(([beginning]) => code.startsWith(beginning));
  const [longest] = fitting.toSorted(([a], [b]) => b.length - a.length);
  return longest?.[1] ?? "look again; if it stays, tell the server's operator the code";
}
