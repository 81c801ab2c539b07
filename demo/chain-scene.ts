import type { CustodyServer } from "@custody/server";
import type { ChainScene } from "custody/assurance";
import { decideOn, readChainRecords } from "custody/control";
import type { ControlPorts } from "custody/control";
import { CustodyError } from "custody/ground";
import type { Bytes, Digest } from "custody/ground";

import type { ExampleRepository } from "./example.ts";

/** What the chain drills attack: a delivery as the server holds it, with the server's own keys in the attacker's hand. */
export async function openChainScene(
  server: CustodyServer,
  example: ExampleRepository,
  { repository, image }: { readonly repository: string; readonly image: Digest },
): Promise<ChainScene> {
  const { control, authorities, attestor, logSigner } = server.wired;
  const policy = await control.policies.findPolicy(repository);
  if (!policy) throw new CustodyError("demo/no-policy", `${repository} has no policy`);
  const bundles = await readVerifiedBundles(control, repository, image);
  return {
    question: { image, policy, bundles, at: control.clock.now() },
    authorities,
    ports: attestor,
    logSigner,
    commits: await makeCommits(example),
    attest: (identity, statement) => control.attest(identity, statement),
  };
}

// One bundle a hand-off, those that the gate's answer rests on: a commit that was delivered twice has more.
async function readVerifiedBundles(
  control: ControlPorts,
  repository: string,
  image: Digest,
): Promise<Bytes[]> {
  const records = await readChainRecords(control, image);
  const { verdict } = await decideOn(control, repository, image, records);
  if (verdict.kind !== "allowed")
    throw new CustodyError("demo/not-admitted", "the gate does not admit the delivery");
  const chosen = new Set(verdict.facts.steps.map(({ bundle }) => bundle));
  return records.filter(({ digest }) => chosen.has(digest)).map(({ bytes }) => bytes);
}

async function makeCommits(example: ExampleRepository): Promise<ChainScene["commits"]> {
  const head = await example.git("rev-parse", "HEAD");
  const commits = {
    unsigned: await example.read(await example.commit("Not signed")),
    stranger: await example.read(await example.commit("Signed by a stranger", "mallory")),
    other: await example.read(await example.commit("Another good commit", "ada")),
  };
  await example.git("reset", "--quiet", "--hard", head);
  return commits;
}
