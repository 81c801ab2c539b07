import type { SpiffeId, TrustDomain } from "custody/spiffe";
import { spiffeIdOf } from "custody/spiffe";

/** The parts of Custody that sign, each under a name of its own: one part's signature never counts as another's. */
export interface Identities {
  readonly policy: SpiffeId;
  readonly gate: SpiffeId;
  readonly stemcell: SpiffeId;
  readonly runtime: SpiffeId;
  readonly withdrawal: SpiffeId;
  source(repository: string): SpiffeId;
  step(repository: string, step: string): SpiffeId;
  package(repository: string): SpiffeId;
  publish(repository: string): SpiffeId;
}

/** The SPIFFE IDs of a trust domain's parts; those that act for a repository carry its name. */
export function identitiesOf(trustDomain: TrustDomain): Identities {
  const id = (...path: string[]): SpiffeId => spiffeIdOf(trustDomain, ...path);
  return {
    policy: id("policy"),
    gate: id("gate"),
    stemcell: id("stemcell"),
    runtime: id("runtime"),
    withdrawal: id("withdrawal"),
    source: (repository) => id("repository", repository, "source"),
    step: (repository, step) => id("repository", repository, "step", step),
    package: (repository) => id("repository", repository, "package"),
    publish: (repository) => id("repository", repository, "publish"),
  };
}
