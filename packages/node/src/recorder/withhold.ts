const secretName =
  /TOKEN|SECRET|PASS|_PWD|CREDENTIAL|AUTH|COOKIE|SESSION|PRIVATE|DSN|(^|_)KEY(_|$)|API_?KEY/i;
/** A user in a URL, a password in a connection string, a JSON Web Token, a private key. */
const secretValues = [
  /:\/\/[^\s/?#]*@/,
  /\b(?:pass(?:word|wd|phrase)?|pwd|secret|token|[a-z]+key)\s*=/i,
  /\beyJ[\w-]+\.[\w-]+\./,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
];
const withheld = "(withheld)";

/** What is written down of a variable: its value, or that it was withheld, since its name or its value looks secret. */
export function recordedValue(name: string, value: string): string {
  const isSecret = secretName.test(name) || secretValues.some((pattern) => pattern.test(value));
  return isSecret ? withheld : value;
}

/** A word of a command line, without the users and passwords of the URLs in it. */
export function recordedWord(word: string): string {
  return word.replaceAll(/(:\/\/)[^\s/?#]*@/g, `$1${withheld}@`);
}

/**
 * Where something was cloned from: without user, password, query and fragment, each of which may hold a token.
 *
 * @returns undefined for what looks like a URL and cannot be read as one: nobody knows then what it holds.
 */
export function recordedRemote(remote: string): string | undefined {
  const url = URL.parse(remote);
  if (!url) return remote.includes("://") ? undefined : remote.replace(/^[^/]*@/, "").replace(/[?#].*$/s, "");
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return url.href;
}
