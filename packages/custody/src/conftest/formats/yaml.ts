import { parseDocuments } from "custody/rego/bundle";

import type { Format } from "../format.ts";
import { yamlLines } from "./yaml-lines.ts";

/** YAML 1.1, as Kubernetes reads it; several documents are a list. */
export const yaml: Format = {
  name: "yaml",
  hasName: (name) => /\.ya?ml$/.test(name),
  parse: (text) => {
    const documents = parseDocuments("input.yaml", text);
    const [first = null] = documents;
    const isOne = documents.length <= 1;
    return { value: isOne ? first : documents, lineOf: yamlLines(text, isOne) };
  },
};
