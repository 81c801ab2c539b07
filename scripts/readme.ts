import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

// Puts the real output of the demo into the README: `npm run demo | tee demo.log && node scripts/readme.ts demo.log`.
// Long progress is cut to what a reader wants to see; nothing is changed.
const [logPath] = process.argv.slice(2);
if (logPath === undefined) throw new Error("usage: node scripts/readme.ts DEMO_LOG");
const readmePath = join(import.meta.dirname, "../README.md");
const [begin, end] = ["<!-- demo output -->", "<!-- /demo output -->"];

const lines = (await readFile(logPath, "utf8")).split("\n");
const shown = lines.slice(lines.findIndex((line) => line.startsWith("── "))).filter(isShown);
const readme = await readFile(readmePath, "utf8");
const [before = "", rest = ""] = readme.split(begin);
const [, after = ""] = rest.split(end);
await writeFile(
  readmePath,
  `${before}${begin}\n\n\`\`\`text\n${shown.join("\n").trim()}\n\`\`\`\n\n${end}${after}`,
);

function isShown(line: string): boolean {
  return !/^ {5}(stemcells|steps): /.test(line);
}
