/** A path of this console, from whatever stands in an address: another site's is none, and becomes the overview. */
export function ownPath(text: string | undefined): string {
  const base = "https://console.invalid";
  const url = text?.startsWith("/") ? URL.parse(text, base) : null;
  return url?.origin === base && !url.pathname.startsWith("//") ? `${url.pathname}${url.search}` : "/";
}
