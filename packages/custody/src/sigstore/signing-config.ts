import type { Instant } from "custody/ground";
import { formatInstant } from "custody/ground";

/** Where a client signs. */
export interface SigningServices {
  /** Base URLs, without a final slash. */
  readonly certificateAuthority: string;
  readonly log: string;
  /** The whole URL that takes requests (RFC 3161 §3.4). */
  readonly timestampAuthority: string;
  /** Who runs them; thresholds of a trusted root count operators. */
  readonly operator: string;
  /** Since when they may be asked. */
  readonly start: Instant;
}

const signingConfigMediaType = "application/vnd.dev.sigstore.signingconfig.v0.2+json";
const versions = { certificateAuthority: 1, log: 2, timestampAuthority: 1 } as const;

/** Sigstore's SigningConfig v0.2 (protobuf-specs, `sigstore_trustroot.proto`): one of each service, all of one operator. */
export function formatSigningConfig(services: SigningServices): object {
  const { operator, start } = services;
  const service = (name: keyof typeof versions): object[] => [
    {
      url: services[name],
      majorApiVersion: versions[name],
      validFor: { start: formatInstant(start) },
      operator,
    },
  ];
  return {
    mediaType: signingConfigMediaType,
    caUrls: service("certificateAuthority"),
    oidcUrls: [],
    rekorTlogUrls: service("log"),
    rekorTlogConfig: { selector: "ANY" },
    tsaUrls: service("timestampAuthority"),
    tsaConfig: { selector: "ANY" },
  };
}
