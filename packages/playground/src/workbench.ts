import { workspaceFields } from "./desk/index.ts";
import type { Place, Problem, Workspace } from "./desk/index.ts";
import { byId, Editor, openTabs } from "./view/index.ts";

type EditorField = Exclude<keyof Workspace, "query">;

/** The texts on the page: four editors and the query. */
export class Workbench {
  readonly #editors: Readonly<Record<EditorField, Editor>>;
  readonly #query = byId("query", HTMLInputElement);
  readonly #showText = openTabs("text-tabs");
  readonly #showDocument = openTabs("document-tabs");

  /** @param onChange told of every edit, with the text that it is in. */
  constructor(nonce: string, onChange: (field: keyof Workspace) => void) {
    const open = (field: EditorField, label: string, language: "rego" | "json"): Editor =>
      new Editor({ parent: `${field}-editor`, label, language, nonce, onChange: () => onChange(field) });
    this.#editors = {
      policy: open("policy", "Policy in Rego", "rego"),
      tests: open("tests", "Tests in Rego", "rego"),
      input: open("input", "Input in JSON", "json"),
      data: open("data", "Data in JSON", "json"),
    };
    this.#query.addEventListener("input", () => onChange("query"));
  }

  get policy(): Editor {
    return this.#editors.policy;
  }

  get workspace(): Workspace {
    const { policy, tests, input, data } = this.#editors;
    return {
      policy: policy.text,
      tests: tests.text,
      input: input.text,
      data: data.text,
      query: this.#query.value,
    };
  }

  set workspace(workspace: Partial<Workspace>) {
    for (const field of workspaceFields) {
      const text = workspace[field];
      if (text === undefined) continue;
      if (field === "query") this.#query.value = text;
      else this.#editors[field].text = text;
    }
  }

  /** Marks what is wrong in each of the texts; what was marked before in them is not any more. */
  showProblems(problems: readonly Problem[], fields: readonly EditorField[]): void {
    for (const field of fields) {
      this.#editors[field].showProblems(problems.filter(({ place }) => place?.field === field));
    }
    const isQueryWrong = problems.some(({ place }) => place?.field === "query");
    this.#query.setAttribute("aria-invalid", String(isQueryWrong));
  }

  goTo({ field, from }: Place): void {
    if (field === "query") {
      this.#query.focus();
      this.#query.setSelectionRange(from, from);
      return;
    }
    if (field === "policy" || field === "tests") this.#showText(`${field}-tab`);
    else this.#showDocument(`${field}-tab`);
    this.#editors[field].goTo(from);
  }
}
