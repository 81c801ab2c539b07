/**
 * A text with `${NAME}` replaced by what variables hold; one that is not set stays as it stands, as in OPA.
 *
 * @param find the value of a variable; undefined for one that is not set.
 */
export function substituteVariables(text: string, find: (name: string) => string | undefined): string {
  return text.replaceAll(/\$\{([^}\n]+)\}/g, (whole, name: string) => find(name) ?? whole);
}
