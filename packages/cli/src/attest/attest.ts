import { stat } from "node:fs/promises";

import { hashArtifacts } from "@custody/node/recorder";
import { findAttestationType, findAttestationTypeByName } from "custody/evidence";
import type { ResourceDescriptor } from "custody/evidence";
import type { Json } from "custody/ground";
import { CustodyError, parseJson } from "custody/ground";

import { Client } from "../client.ts";
import type { Call } from "../commands/call.ts";
import { readFileBytes } from "../commands/read-file.ts";
import { exitCodes } from "../output.ts";
import { demandNew, handIn } from "./hand-in.ts";
import type { SigningOptions } from "./sign-statement.ts";
import { demandChainSigner, findSigner, signStatement } from "./sign-statement.ts";

export interface AttestOptions extends SigningOptions {
  readonly type: string;
  readonly predicate: string;
  readonly name?: string;
  readonly bundle?: string;
  readonly upload: boolean;
}

const maxPredicateBytes = 8 * 1024 * 1024;

/** `custody attest`: signs that a predicate holds for files or digests. */
export async function attest(call: Call<AttestOptions>): Promise<number> {
  const { options, output, args } = call;
  const client = await Client.open(options);
  const predicateType = typeOf(options.type);
  const predicate = parseJson(await readFileBytes(options.predicate, maxPredicateBytes));
  checkPredicate(predicateType, predicate, options.predicate);
  const subject = await Promise.all(args.map((word) => subjectOf(word, options.name)));
  if (options.bundle !== undefined) await demandNew(options.bundle);
  if (options.upload) demandChainSigner(await findSigner(client, options));
  const bundle = await signStatement(client, { subject, predicateType, predicate }, options);
  const done = await handIn(client, bundle, options);
  output.result({ predicateType, subject, ...done }, [
    `${predicateType} about ${subject.map(({ name }) => name).join(", ")}`,
    ...(done.kept
      ? [`attested by ${done.kept.identity}, log #${done.kept.logIndex}: ${done.kept.rendering}`]
      : []),
    ...(done.file === undefined ? [] : [`bundle in ${done.file}`]),
  ]);
  return exitCodes.yes;
}

function typeOf(word: string): string {
  const uri = findAttestationTypeByName(word)?.predicateType ?? word;
  if (URL.canParse(uri)) return uri;
  throw new CustodyError("cli/usage", `there is no attestation type ${word}`, {
    subject: word,
    next: "custody attestation types lists the short names; any URI is a type",
  });
}

// Of a type that is known here nothing is signed that nobody could read as it.
function checkPredicate(predicateType: string, predicate: Json, file: string): void {
  const type = findAttestationType(predicateType);
  try {
    type?.parse(predicate);
  } catch (cause) {
    throw new CustodyError("cli/predicate", `${file}: ${(cause as Error).message}`, { subject: file, cause });
  }
}

async function subjectOf(word: string, name: string | undefined): Promise<ResourceDescriptor> {
  const [, image, sha256] = /^(?:(.+)@)?sha256:([0-9a-f]{64})$/.exec(word) ?? [];
  if (sha256 !== undefined) return { name: name ?? image ?? word, digest: { sha256 } };
  const isFile = await stat(word).then(
    (info) => info.isFile(),
    () => false,
  );
  if (!isFile) {
    throw new CustodyError("cli/usage", `${word} is neither a file nor a digest`, {
      subject: word,
      next: "name a file, sha256:HEX, or an image as host/name@sha256:HEX",
    });
  }
  const [subject] = await hashArtifacts([{ kind: "path", path: word, name: name ?? word }]);
  if (!subject) throw new TypeError("a file has one digest");
  return subject;
}
