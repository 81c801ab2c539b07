import { execFile } from "node:child_process";
import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const version = "v3.1.3";
const cache = join(import.meta.dirname, "../../node_modules/.cache/custody-peers");
const buildMilliseconds = 1_800_000;

/**
 * Stock cosign: the one that $COSIGN names, else one built from its module where Go is, kept for the next time.
 *
 * @returns its path, or why there is none.
 */
export async function findCosign(
  say: (line: string) => void,
): Promise<{ readonly path: string } | { readonly missing: string }> {
  const named = process.env["COSIGN"];
  if (named) return { path: named };
  const path = join(cache, version, "cosign");
  if (await isThere(path)) return { path };
  const go = await findGo();
  if (go === undefined) return { missing: "there is no Go to build cosign with, and $COSIGN names none" };
  say(`builds cosign ${version}, which takes some minutes`);
  await mkdir(join(cache, version), { recursive: true });
  const env = { ...process.env, GOBIN: join(cache, version) };
  try {
    await execute(go, ["install", `github.com/sigstore/cosign/v3/cmd/cosign@${version}`], {
      env,
      timeout: buildMilliseconds,
    });
  } catch (error) {
    return { missing: `cosign could not be built: ${String(error).slice(0, 300)}` };
  }
  return { path };
}

async function findGo(): Promise<string | undefined> {
  for (const go of ["go", "/usr/local/go/bin/go"]) {
    if (
      await execute(go, ["version"]).then(
        () => true,
        () => false,
      )
    )
      return go;
  }
  return undefined;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
