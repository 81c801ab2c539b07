/** Everything that a person writes into the page. */
export interface Workspace {
  readonly policy: string;
  readonly tests: string;
  /** JSON; blank is no input. */
  readonly input: string;
  /** A JSON object; blank is an empty one. */
  readonly data: string;
  /** Blank asks for the document of the policy's package. */
  readonly query: string;
}

export const workspaceFields = ["policy", "tests", "input", "data", "query"] as const;

/** The names that the texts have in messages; the query is shown as a place of its own. */
export const fileNames = {
  policy: "policy.rego",
  tests: "tests.rego",
  input: "input.json",
  data: "data.json",
  query: "query",
} as const satisfies Record<keyof Workspace, string>;

/** Of one text, in characters: what the page holds, shares and sends to its worker is bounded by it. */
export const maxTextLength = 256 * 1024;
