import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { opaBuiltins } from "./index.ts";

test("opa.runtime shows what the host shows", () => {
  checker(opaBuiltins, { runtime: () => ({ version: "1" }) })("opa.runtime()", '{"version":"1"}');
  checker(opaBuiltins)("opa.runtime()", "{}");
});
