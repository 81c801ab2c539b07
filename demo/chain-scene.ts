import type { CustodyServer } from "@custody/server";
import type { ChainScene } from "custody/assurance";
import { readChainRecords } from "custody/control";
import { CustodyError } from "custody/ground";
import type { Digest } from "custody/ground";

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
  const records = await readChainRecords(control, image);
  const bundles = records.map(({ bytes }) => bytes);
  return {
    question: { image, policy, bundles, at: control.clock.now() },
    authorities,
    ports: attestor,
    logSigner,
    commits: await makeCommits(example),
    attest: (identity, statement) => control.attest(identity, statement),
  };
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
