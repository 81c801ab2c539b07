import { parseHcl } from "../hcl/parse-hcl.ts";
import type { Format } from "../format.ts";

/** HCL's native syntax (Terraform and others), in the shape of hcl2json: expressions stay texts, `${var.a}`. */
export const hcl2: Format = {
  name: "hcl2",
  hasName: (name) => /\.(?:hcl|tf|tfvars)$/.test(name),
  parse: parseHcl,
};
