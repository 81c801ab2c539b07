import type { CertificateExtension } from "custody/authority";
import { textExtension } from "custody/authority";
import { utf8 } from "custody/ground";

/** Fulcio's arc of object identifiers, and in it the name of the token's issuer and of its subject. */
const arc = "1.3.6.1.4.1.57264.1";
const issuerNumber = 8;
const subjectNumber = 24;

/**
 * What a CI system's certificate says of the build, by the names that Fulcio's configuration gives it (fulcio
 * docs/oid-info.md). The first five, and the first form of the issuer, hold their text bare; the others, a DER UTF8String.
 */
const bareNumbers = {
  "github-workflow-trigger": 2,
  "github-workflow-sha": 3,
  "github-workflow-name": 4,
  "github-workflow-repository": 5,
  "github-workflow-ref": 6,
} as const;
const numbers = {
  "build-signer-uri": 9,
  "build-signer-digest": 10,
  "runner-environment": 11,
  "source-repository-uri": 12,
  "source-repository-digest": 13,
  "source-repository-ref": 14,
  "source-repository-identifier": 15,
  "source-repository-owner-uri": 16,
  "source-repository-owner-identifier": 17,
  "build-config-uri": 18,
  "build-config-digest": 19,
  "build-trigger": 20,
  "run-invocation-uri": 21,
  "source-repository-visibility-at-signing": 22,
  "deployment-environment": 23,
} as const;

export type FulcioExtension = keyof typeof bareNumbers | keyof typeof numbers;

export const fulcioExtensions = Object.keys({ ...bareNumbers, ...numbers }) as readonly FulcioExtension[];

/** Who vouched for whom, and what is known of the build. */
export interface FulcioFacts {
  readonly issuer: string;
  readonly subject: string;
  readonly build: ReadonlyMap<FulcioExtension, string>;
}

/** The extensions that say so; what is empty says nothing. */
export function formatFulcioExtensions({ issuer, subject, build }: FulcioFacts): CertificateExtension[] {
  const bare = (number: number, text: string): CertificateExtension => ({
    oid: `${arc}.${number}`,
    value: utf8(text),
  });
  const known = [...build].filter(([, text]) => text !== "");
  return [
    bare(1, issuer),
    ...known.flatMap(([name, text]) => (isBare(name) ? [bare(bareNumbers[name], text)] : [])),
    textExtension(`${arc}.${issuerNumber}`, issuer),
    ...known.flatMap(([name, text]) =>
      isBare(name) ? [] : [textExtension(`${arc}.${numbers[name]}`, text)],
    ),
    textExtension(`${arc}.${subjectNumber}`, subject),
  ];
}

function isBare(name: FulcioExtension): name is keyof typeof bareNumbers {
  return name in bareNumbers;
}
