import { access, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

import { CustodyError } from "custody/ground";

import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";

/** `custody init`: a custody.yaml that fits what the repository looks like, with a word on every part. */
export async function init(call: Call<{ readonly force?: boolean }>): Promise<number> {
  const directory = resolve(getArgument(call, 0));
  const path = join(directory, "custody.yaml");
  const kind = await findKind(directory);
  await write(path, templateOf(nameOf(directory), kind), call.options.force === true);
  call.output.result({ file: path, kind: kind.name }, [
    `wrote ${path} for a ${kind.name}`,
    "next: look through it and commit it with a signature (git commit -S, gpg.format=ssh), then",
    "      custody policy set --signer YOU=~/.ssh/id_ed25519.pub",
    "      custody deliver .",
  ]);
  return exitCodes.yes;
}

async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? "w" : "wx" });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new CustodyError("cli/write", isThere ? `${path} is there already` : `${path} cannot be written`, {
      subject: path,
      next: isThere
        ? "edit it, or replace it with --force"
        : "check that you stand in a directory of your own",
      cause,
    });
  }
}

function nameOf(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" ? "my-service" : name;
}

interface Kind {
  readonly name: string;
  readonly packages: string;
  readonly build: string;
  readonly test: string;
  readonly runPackages: string;
  readonly entrypoint: string;
}

const program = '["/app/program"]';
const kinds: readonly (Kind & { readonly marker: string })[] = [
  {
    name: "Python project",
    marker: "pyproject.toml",
    packages: "python3",
    build: "tar -C /source -cf program .",
    test: "cd /source && python3 -B -m unittest discover",
    runPackages: "python3",
    entrypoint: '["/usr/bin/python3", "/app/program"]',
  },
  {
    name: "project with a Makefile",
    marker: "Makefile",
    packages: "gcc, libc6-dev, make",
    build: "cp -r /source/. . && make",
    test: "cp -r /source/. . && make test",
    runPackages: "",
    entrypoint: program,
  },
];
const anyKind: Kind = {
  name: "project of no kind that is known here",
  packages: "",
  build: "cp /source/program program",
  test: "test -s /inputs/build/program",
  runPackages: "",
  entrypoint: program,
};

async function findKind(directory: string): Promise<Kind> {
  for (const kind of kinds) {
    const isThere = await access(join(directory, kind.marker)).then(
      () => true,
      () => false,
    );
    if (isThere) return kind;
  }
  return anyKind;
}

function templateOf(name: string, { packages, build, test, runPackages, entrypoint }: Kind): string {
  return `# How this repository becomes a running process.
# Everything here is part of the signed commit; the server's policy holds later commits to the same steps.
version: 1

# The repository's name on the server: lowercase letters, digits and dashes, with slashes between parts.
name: ${name}

# Root file systems made of Debian packages, read-only inside every step, recorded down to each package's hash.
stemcells:
  build:
    suite: bookworm
    packages: [${packages}]
  run:
    packages: [${runPackages}]

# Each step runs alone: the commit's files at /source (read-only), an empty /work to work in, no network, no secrets.
steps:
  - name: build
    stemcell: build
    run: |
      ${build}
    # What the step hands on, below /work. Hashed outside the sandbox when everything in it has ended.
    outputs: [program]
    # network: { hosts: ["example.org:443"] }   # exactly these, through a recording proxy
    # limits: { memory: 1GiB, cpus: 1, pids: 256, deadlineSeconds: 600, work: 512MiB }
  - name: test
    kind: test
    stemcell: build
    inputs: [build]   # the outputs of earlier steps, read-only at /inputs/NAME
    run: |
      ${test}

# The image: a stemcell, and files from the steps' outputs. Nothing else gets in.
image:
  stemcell: run
  files:
    - from: build/program
      to: /app/program
      mode: "0755"
  entrypoint: ${entrypoint}

# How it runs. Leave this out for an image that is delivered but not run.
run:
  port: 8080
  health:
    path: /
    deadlineSeconds: 10
`;
}
