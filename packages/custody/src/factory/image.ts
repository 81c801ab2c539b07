import type { Bytes, Digest } from "custody/ground";
import { canonicalJson, digestOf } from "custody/ground";
import type { Descriptor } from "custody/oci";
import { describe, mediaTypes } from "custody/oci";
import { artifactNames } from "custody/policy";
import { sandboxUser } from "custody/runtime";
import type { TreeEntry } from "custody/tar";
import { parseTreePath, parseWhiteout, readTar, writeTar } from "custody/tar";

import type { Artifact, Product } from "./artifact.ts";
import { factoryFault } from "./faults.ts";
import { labelsOf } from "./image-run.ts";
import type { Pipeline, PipelineFile } from "./pipeline.ts";
import type { FactoryPorts } from "./ports.ts";

export interface ImageContext {
  /** The stemcell's archive: the image's lowest layer, as it is. */
  readonly stemcell: Digest;
  /** The products of the pipeline's steps, by step. */
  readonly products: Readonly<Record<string, readonly Product[]>>;
  /** As OCI names it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** Put into the manifest: revision, source (OCI image-spec, annotations.md). */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An image, all of whose content lies in the blob store. */
export interface ImageRecord {
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  /** Lowest first: the stemcell, then the products. */
  readonly layers: readonly Descriptor[];
  /** The stemcell and each product that went in. */
  readonly materials: readonly Artifact[];
  readonly products: readonly [Artifact];
  /** As the image config says it: who its process is, and what it begins with. */
  readonly settings: { readonly user: string; readonly entrypoint: readonly string[] };
}

type ImagePorts = Pick<FactoryPorts, "crypto" | "blobs">;

const maxLayerBytes = 16 * 1024 * 1024 * 1024;
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const imageUser = `${sandboxUser}:${sandboxUser}`;
const epoch = "1970-01-01T00:00:00Z";

/**
 * Makes the image that a pipeline describes (OCI image-spec v1.1): the stemcell as its lowest layer, the products as
 * its upper one. The same inputs give the same digests, on every machine and at every time.
 *
 * @throws CustodyError `factory/image` when a file is missing or its place leads through a link of the stemcell; what the
 *   blob store throws.
 */
export async function packageImage(
  ports: ImagePorts,
  pipeline: Pick<Pipeline, "image" | "run">,
  context: ImageContext,
): Promise<ImageRecord> {
  const files = pipeline.image.files.flatMap((file) => findProducts(file, context));
  const layers = [
    await describeStemcell(ports, context.stemcell),
    await writeLayer(ports, await planLayer(ports, context.stemcell, files)),
  ];
  const config = await writeJson(ports, mediaTypes.imageConfig, planConfig(pipeline, context, layers));
  const manifest = await writeJson(ports, mediaTypes.imageManifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    config,
    layers,
    ...(context.annotations ? { annotations: context.annotations } : {}),
  });
  return {
    manifest,
    config,
    layers,
    materials: materialsOf(pipeline.image.stemcell, context.stemcell, files),
    products: [{ name: artifactNames.image, digest: manifest.digest }],
    settings: { user: imageUser, entrypoint: pipeline.image.entrypoint },
  };
}

interface PlacedProduct {
  readonly product: Product;
  /** Relative to the image's root. */
  readonly to: string;
  readonly mode: number;
}

/** One product, or all below a directory, at the places that the pipeline says. */
function findProducts(file: PipelineFile, { products }: ImageContext): PlacedProduct[] {
  const found = (products[file.step] ?? []).flatMap((product): PlacedProduct[] => {
    const below = product.path === file.path ? "" : findBelow(file.path, product.path);
    const mode = file.mode ?? product.mode;
    return below === undefined ? [] : [{ product, to: parseTreePath(`${file.to}${below}`), mode }];
  });
  if (found.length > 0) return found;
  throw factoryFault("factory/image", `the step "${file.step}" has left nothing at "${file.path}"`, {
    subject: `${file.step}/${file.path}`,
    next: "name a file that is among the step's outputs",
  });
}

function findBelow(directory: string, path: string): string | undefined {
  return path.startsWith(`${directory}/`) ? path.slice(directory.length) : undefined;
}

async function describeStemcell({ blobs }: ImagePorts, digest: Digest): Promise<Descriptor> {
  let size = 0;
  for await (const chunk of blobs.open(digest)) size += chunk.length;
  return { mediaType: mediaTypes.layer, digest, size };
}

/**
 * The upper layer. Directories that the stemcell has too keep the mode they have there; a place that leads through a link
 * of the stemcell is refused, because readers of images disagree about where it would end.
 */
async function planLayer(
  { blobs }: ImagePorts,
  stemcell: Digest,
  files: readonly PlacedProduct[],
): Promise<TreeEntry[]> {
  const above = new Set(files.flatMap(({ to }) => directoriesAbove(to)));
  const directories: TreeEntry[] = [];
  for await (const entry of readTar(blobs.open(stemcell))) {
    if (!above.has(entry.path)) continue;
    if (entry.kind !== "directory") throw throughLink(entry.path);
    directories.push(entry);
  }
  return [...directories, ...files.map((file) => entryOf(blobs, file))];
}

function entryOf(blobs: ImagePorts["blobs"], { product, to, mode }: PlacedProduct): TreeEntry {
  if (parseWhiteout(to) !== undefined) {
    throw factoryFault("factory/image", `"${to}" would take away a file of the stemcell`, { subject: to });
  }
  const { digest, sizeBytes } = product;
  return { kind: "file", path: to, mode, sizeBytes, content: () => blobs.open(digest) };
}

function directoriesAbove(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, count) => names.slice(0, count + 1).join("/"));
}

function throughLink(path: string): Error {
  return factoryFault(
    "factory/image",
    `"/${path}" is a link or a file in the stemcell, and no place to put files below`,
    {
      subject: path,
      next: "name the directory that the link points to, such as /usr/bin for /bin",
    },
  );
}

async function writeLayer({ blobs }: ImagePorts, entries: readonly TreeEntry[]): Promise<Descriptor> {
  const { digest, sizeBytes } = await blobs.write(writeTar(entries), { maxBytes: maxLayerBytes });
  return { mediaType: mediaTypes.layer, digest, size: sizeBytes };
}

function planConfig(
  { image, run }: Pick<Pipeline, "image" | "run">,
  { architecture }: ImageContext,
  layers: readonly Descriptor[],
): object {
  const environment = { PATH: defaultPath, ...image.environment };
  return {
    created: epoch,
    architecture,
    os: "linux",
    config: {
      User: imageUser,
      Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      Entrypoint: image.entrypoint,
      WorkingDir: image.workingDirectory,
      ...(run ? { ExposedPorts: { [`${run.port}/tcp`]: {} }, Labels: labelsOf(run) } : {}),
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  };
}

async function writeJson(ports: ImagePorts, mediaType: string, value: object): Promise<Descriptor> {
  const content = canonicalJson(value);
  const expectedDigest = digestOf(ports.crypto, content);
  await ports.blobs.write(once(content), { maxBytes: content.length, expectedDigest });
  return describe(ports.crypto, mediaType, content);
}

async function* once(content: Bytes): AsyncGenerator<Bytes> {
  yield content;
}

function materialsOf(name: string, stemcell: Digest, files: readonly PlacedProduct[]): Artifact[] {
  const used = new Map(files.map(({ product: { name, digest } }) => [name, { name, digest }]));
  return [{ name: artifactNames.stemcell(name), digest: stemcell }, ...used.values()];
}
