import { StreamLanguage } from "@codemirror/language";

import { readToken } from "./rego-tokens.ts";

/** Rego for CodeMirror. */
export const rego = StreamLanguage.define({
  name: "rego",
  startState: () => ({ isInRawString: false }),
  copyState: (state) => ({ ...state }),
  token: readToken,
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"', "`"] } },
});
