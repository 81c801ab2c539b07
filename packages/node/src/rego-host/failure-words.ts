/** Why a connection failed, as Go says it. */
export function failureWords({ code = "", message, ...error }: NodeJS.ErrnoException, url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return message;
  const { hostname, port, protocol } = parsed;
  const host = `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
  switch (code) {
    case "ECONNREFUSED":
      return `dial tcp ${host}: connect: connection refused`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `dial tcp: lookup ${hostname}: no such host`;
    case "ECONNRESET":
      return "EOF";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `tls: failed to verify certificate: x509: certificate is not valid for ${hostname}`;
    case "CERT_HAS_EXPIRED":
      return "tls: failed to verify certificate: x509: certificate has expired or is not yet valid";
    case "ENOENT":
      return `dial unix ${String((error as { address?: string }).address)}: connect: no such file or directory`;
    default:
      return authorityCodes.has(code)
        ? "tls: failed to verify certificate: x509: certificate signed by unknown authority"
        : message;
  }
}

const authorityCodes: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
