import type { AnyObject } from "../../values/index.ts";
import type { PemSource, TlsSettings } from "../builtin.ts";
import { switchField, textField } from "./fields.ts";

const sources = [
  ["", "text"],
  ["_file", "file"],
  ["_env_variable", "variable"],
] as const;

/**
 * What a request says about TLS; undefined when it says nothing.
 *
 * @param host the header `Host`, which is the server's name too.
 * @throws BuiltinError
 */
export function findTlsSettings(request: AnyObject, host: string | undefined): TlsSettings | undefined {
  const insecure = switchField(request, "tls_insecure_skip_verify");
  const useSystemAuthorities = switchField(request, "tls_use_system_certs");
  const serverName = nonEmpty(textField(request, "tls_server_name")) ?? host;
  const clientPairs = sources.flatMap((source) => {
    const certificate = findPem(request, "tls_client_cert", source);
    const key = findPem(request, "tls_client_key", source);
    return certificate && key ? [{ certificate, key }] : [];
  });
  const authorities = sources.flatMap((source) => findPem(request, "tls_ca_cert", source) ?? []);
  const isSilent = !insecure && !useSystemAuthorities && serverName === undefined;
  if (isSilent && clientPairs.length === 0 && authorities.length === 0) return undefined;
  return { insecure, serverName, useSystemAuthorities, authorities, clientPairs };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function findPem(
  request: AnyObject,
  name: string,
  [suffix, kind]: readonly [string, PemSource["kind"]],
): PemSource | undefined {
  const value = nonEmpty(textField(request, name + suffix));
  if (value === undefined) return undefined;
  const isAuthority = kind === "text" && name === "tls_ca_cert";
  return { kind, value: isAuthority ? value.replaceAll("\\n", "\n") : value };
}
