import { aggregateBuiltins } from "./aggregates/index.ts";
import { arrayBuiltins } from "./arrays/index.ts";
import { awsBuiltins } from "./aws/index.ts";
import type { Builtin } from "./builtin.ts";
import { comparisonBuiltins } from "./comparison/index.ts";
import { conversionBuiltins } from "./conversions/index.ts";
import { cryptoBuiltins } from "./crypto/index.ts";
import { encodingBuiltins } from "./encoding/index.ts";
import { globBuiltins } from "./glob/index.ts";
import { graphqlBuiltins } from "./graphql/index.ts";
import { graphBuiltins } from "./graphs/index.ts";
import { httpBuiltins } from "./http/index.ts";
import { internalBuiltins } from "./internals/index.ts";
import { jsonSchemaBuiltins } from "./json-schema/index.ts";
import { netBuiltins } from "./net/index.ts";
import { numberBuiltins } from "./numbers/index.ts";
import { objectBuiltins } from "./objects/index.ts";
import { opaBuiltins } from "./opa/index.ts";
import { regexBuiltins } from "./regex/index.ts";
import { regoBuiltins } from "./rego/index.ts";
import { semverBuiltins } from "./semver/index.ts";
import { setBuiltins } from "./sets/index.ts";
import { stringBuiltins } from "./strings/index.ts";
import { timeBuiltins } from "./time/index.ts";
import { tokenBuiltins } from "./tokens/index.ts";
import { typeBuiltins } from "./types/index.ts";
import { unitsBuiltins } from "./units/index.ts";
import { uriBuiltins } from "./uri/index.ts";
import { uuidBuiltins } from "./uuid/index.ts";
import { x509Builtins } from "./x509/index.ts";
import { yamlBuiltins } from "./yaml/index.ts";

/** Every builtin there is, one pack after the other. */
export const allBuiltins: readonly Builtin[] = [
  ...aggregateBuiltins,
  ...arrayBuiltins,
  ...awsBuiltins,
  ...comparisonBuiltins,
  ...conversionBuiltins,
  ...cryptoBuiltins,
  ...encodingBuiltins,
  ...globBuiltins,
  ...graphqlBuiltins,
  ...graphBuiltins,
  ...httpBuiltins,
  ...internalBuiltins,
  ...jsonSchemaBuiltins,
  ...netBuiltins,
  ...numberBuiltins,
  ...objectBuiltins,
  ...opaBuiltins,
  ...regexBuiltins,
  ...regoBuiltins,
  ...semverBuiltins,
  ...setBuiltins,
  ...stringBuiltins,
  ...timeBuiltins,
  ...tokenBuiltins,
  ...typeBuiltins,
  ...unitsBuiltins,
  ...uriBuiltins,
  ...uuidBuiltins,
  ...x509Builtins,
  ...yamlBuiltins,
];
