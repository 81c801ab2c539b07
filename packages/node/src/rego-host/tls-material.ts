import type { HttpFailure, PemSource, TlsSettings } from "custody/rego";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext, getCACertificates } from "node:tls";

import type { TlsOptions } from "./protocol.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface TlsMaterial {
  readonly kind: "material";
  readonly options: TlsOptions;
}

/** The texts that the settings name, looked at; or why they cannot be used. */
export function readTlsMaterial(settings: TlsSettings, env: Environment): TlsMaterial | HttpFailure {
  try {
    return { kind: "material", options: tlsOptions(settings, env) };
  } catch (error) {
    return { kind: "settings", message: (error as Error).message };
  }
}

function tlsOptions(settings: TlsSettings, env: Environment): TlsOptions {
  const pairs = settings.clientPairs.map((pair) => readPair(pair, env));
  const named = settings.authorities.map((source) => readAuthorities(source, env));
  const ca = settings.useSystemAuthorities ? [...getCACertificates("system"), ...named] : named;
  return {
    rejectUnauthorized: !settings.insecure,
    ...(settings.serverName !== undefined && { servername: settings.serverName }),
    ...(ca.length > 0 && { ca }),
    ...(pairs.length > 0 && {
      cert: pairs.map(({ certificate }) => certificate),
      key: pairs.map(({ key }) => key),
    }),
  };
}

function readAuthorities(source: PemSource, env: Environment): string {
  const text = readSource(source, env);
  if (isCertificate(text)) return text;
  switch (source.kind) {
    case "file":
      throw new Error(`could not append CA certificates from ${JSON.stringify(source.value)}`);
    case "variable":
      throw new Error(
        `could not add CA certificates from envvar ${JSON.stringify(source.value)}: could not append certificates`,
      );
    default:
      throw new Error("could not append certificates");
  }
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

function readPair(pair: TlsSettings["clientPairs"][number], env: Environment): Pair {
  const { certificate, key } = pair;
  const texts = { certificate: readSource(certificate, env), key: readSource(key, env) };
  const fault = findPairFault(texts);
  if (fault === undefined) return texts;
  const names = [certificate.value, key.value].map((name) => JSON.stringify(name)).join(", ");
  const context =
    certificate.kind === "variable" ? `cannot extract public/private key pair from envvars ${names}: ` : "";
  throw new Error(`${context}tls: ${fault}`);
}

function findPairFault({ certificate, key }: Pair): string | undefined {
  if (!certificate.includes("-----BEGIN ")) return "failed to find any PEM data in certificate input";
  if (!key.includes("-----BEGIN ")) return "failed to find any PEM data in key input";
  try {
    createSecureContext({ cert: certificate, key });
    return undefined;
  } catch {
    return "private key does not match public key";
  }
}

function readSource({ kind, value }: PemSource, env: Environment): string {
  switch (kind) {
    case "text":
      return value;
    case "variable":
      return env[value] ?? "";
    default:
      return readFile(value);
  }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "no such file or directory" : String(code);
    throw new Error(`open ${path}: ${reason}`, { cause });
  }
}
