import type { ControlPorts, Workload } from "custody/control";
import { isDigest } from "custody/ground";
import type { Digest } from "custody/ground";

/** What a person means by a word: a process, a commit, an image, an attestation, a workload. */
export type Thing =
  | { readonly kind: "process"; readonly pid: number; readonly workload: Workload | undefined }
  | { readonly kind: "commit"; readonly id: string }
  | { readonly kind: "image"; readonly image: Digest; readonly repository: string | undefined }
  | { readonly kind: "attestation"; readonly digest: Digest }
  | { readonly kind: "unknown" };

/** Resolves a tag of the registry. */
export type ResolveTag = (repository: string, tag: string) => Promise<Digest | undefined>;

const pidPattern = /^[1-9][0-9]{0,9}$/;
const commitPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Finds what a word means: a pid, a commit id, a digest, `repository`, `repository:tag` or `repository@digest`. */
export async function findThing(
  ports: Pick<ControlPorts, "attestations" | "workloads">,
  resolveTag: ResolveTag,
  word: string,
): Promise<Thing> {
  if (pidPattern.test(word)) return findProcess(ports, Number(word));
  if (commitPattern.test(word)) return { kind: "commit", id: word };
  if (isDigest(word)) return findByDigest(ports, word);
  const [name = "", digest] = word.split("@");
  if (digest !== undefined)
    return isDigest(digest) ? { kind: "image", image: digest, repository: name } : { kind: "unknown" };
  return findByName(ports, resolveTag, word);
}

async function findProcess({ workloads }: Pick<ControlPorts, "workloads">, pid: number): Promise<Thing> {
  const all = await workloads.list();
  return { kind: "process", pid, workload: all.find(({ process }) => process?.pid === pid) };
}

async function findByDigest(
  { attestations }: Pick<ControlPorts, "attestations">,
  digest: Digest,
): Promise<Thing> {
  const attestation = await attestations.find(digest);
  return attestation
    ? { kind: "attestation", digest }
    : { kind: "image", image: digest, repository: undefined };
}

async function findByName(
  { workloads }: Pick<ControlPorts, "workloads">,
  resolveTag: ResolveTag,
  word: string,
): Promise<Thing> {
  const colon = word.indexOf(":");
  const repository = colon < 0 ? word : word.slice(0, colon);
  const workload = colon < 0 ? await workloads.findWorkload(repository) : undefined;
  const image =
    workload?.image ?? (await resolveTag(repository, colon < 0 ? "latest" : word.slice(colon + 1)));
  return image ? { kind: "image", image, repository } : { kind: "unknown" };
}
