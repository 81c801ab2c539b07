import { objectKeys, RegoSet, termText } from "../../values/index.ts";
import type { AnyObject, RegoValue } from "../../values/index.ts";
import { objectOperand, wrongOperand } from "../operands.ts";

/** The keys that a request of `http.send` may have. */
const allowed = new RegoSet(
  (
    "method url body enable_redirect force_json_decode force_yaml_decode headers raw_body tls_use_system_certs " +
    "tls_ca_cert tls_ca_cert_file tls_ca_cert_env_variable tls_client_cert tls_client_cert_file " +
    "tls_client_cert_env_variable tls_client_key tls_client_key_file tls_client_key_env_variable " +
    "tls_insecure_skip_verify tls_server_name timeout cache force_cache force_cache_duration_seconds raise_error " +
    "caching_mode max_retry_attempts cache_ignored_headers"
  ).split(" "),
);

const required = ["method", "url"];

/**
 * A request's object: all keys known, method and URL there.
 *
 * @throws BuiltinError
 */
export function requestOperand(operand: RegoValue): AnyObject {
  const request = objectOperand(operand, 1);
  const keys = new RegoSet(objectKeys(request));
  const invalid = new RegoSet([...keys].filter((key) => !allowed.has(key)));
  if (invalid.size > 0) throw wrongOperand(1, `invalid request parameters(s): ${termText(invalid)}`);
  const missing = new RegoSet(required.filter((key) => !keys.has(key)));
  if (missing.size > 0) throw wrongOperand(1, `missing required request parameters(s): ${termText(missing)}`);
  return request;
}
