/**
 * Builds the playground: one HTML file with everything inside, `packages/playground/dist/index.html`. Any server of
 * static files can show it, and a browser can open it as a file.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";
import type { BuildOptions } from "esbuild";

const sources = join(import.meta.dirname, "../packages/playground/src");
export const playgroundFolder = join(sources, "../dist");

const common: BuildOptions = {
  bundle: true,
  minify: true,
  write: false,
  platform: "browser",
  target: "es2024",
  charset: "utf8",
  legalComments: "none",
  logLevel: "error",
};

/**
 * Builds the page into a folder.
 *
 * @returns the file.
 */
export async function buildPlayground(folder: string): Promise<string> {
  const worker = await bundle("worker/worker.ts", { format: "iife" });
  const script = await bundle("main.ts", {
    format: "esm",
    define: { workerProgram: JSON.stringify(worker) },
  });
  const style = await bundle("page.css");
  const template = await readFile(join(sources, "index.html"), "utf8");
  const file = join(folder, "index.html");
  await mkdir(folder, { recursive: true });
  await writeFile(file, assemble(template, script, style));
  return file;
}

async function bundle(entry: string, options: BuildOptions = {}): Promise<string> {
  const { outputFiles = [] } = await build({ ...common, entryPoints: [join(sources, entry)], ...options });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made nothing of ${entry}`);
  return output.text.trim();
}

/** The page with its parts in it, and a policy that lets only these parts run: no other script, no request, no eval. */
function assemble(template: string, script: string, style: string): string {
  if (/<\/script|<!--/i.test(script)) throw new Error("the script cannot stand in HTML");
  const nonce = sha256(style + script).slice(0, 22);
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${sha256(script)}'`,
    `style-src-elem 'nonce-${nonce}'`,
    // The browser's own editing puts style attributes on what it moves; the editor takes them off again.
    "style-src-attr 'unsafe-inline'",
    "img-src data:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const parts: Readonly<Record<string, string>> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    style: `<style id="style" nonce="${nonce}">${style}</style>`,
    script: `<script type="module">${script}</script>`,
  };
  return template.replaceAll(/<!-- (\w+) -->/g, (_, name: string) => partOf(parts, name));
}

function partOf(parts: Readonly<Record<string, string>>, name: string): string {
  const part = parts[name];
  if (part === undefined) throw new Error(`index.html asks for a part that there is not: ${name}`);
  return part;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

if (import.meta.main) console.log(await buildPlayground(playgroundFolder));
