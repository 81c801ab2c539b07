import { parseDataFile } from "custody/rego/bundle";

import type { Format } from "../format.ts";
import { yamlLines } from "./yaml-lines.ts";

export const json: Format = {
  name: "json",
  hasName: (name) => name.endsWith(".json"),
  parse: (text) => ({ value: parseDataFile("input.json", text), lineOf: yamlLines(text, true) }),
};
