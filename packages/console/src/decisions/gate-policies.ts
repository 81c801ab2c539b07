const texts = import.meta.glob<string>("../../../../policies/*.rego", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The gates that ship with this console, by their names: policies/NAME.rego. */
export const gatePolicies: ReadonlyMap<string, string> = new Map(
  Object.entries(texts).flatMap(([path, text]) => {
    const name =
      path
        .split("/")
        .at(-1)
        ?.replace(/\.rego$/, "") ?? "";
    return name.endsWith("_test") ? [] : [[name, text] as const];
  }),
);
