import { isSpiffeIdOrOther } from "custody/spiffe";

/** As long as a name in a certificate may be, in characters. */
export const maxNameCharacters = 2048;

/** RFC 5321 §4.1.2: a dot-string of ASCII, and a domain of labels. */
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const mailAddress = new RegExp(`^(?=[^@]{1,64}@.{1,253}$)${atom}(?:\\.${atom})*@${label}(?:\\.${label})*$`);
/** RFC 3986 §2: the characters of a URI. The certificate's form is of the same (RFC 5280 §4.2.1.6). */
const uriCharacters = /^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;

/** Whether a text is a mail address that a certificate can carry. */
export function isMailAddress(text: string): boolean {
  return mailAddress.test(text);
}

/**
 * The URI that a text is, if every reader reads it alike: with `//` and a host, without a user, as a parser writes it again;
 * where it begins as a SPIFFE ID does, one.
 *
 * @returns undefined for every other text: it might pass for another's name.
 */
export function findPlainUri(text: string): URL | undefined {
  if (text.length > maxNameCharacters || !uriCharacters.test(text) || !isSpiffeIdOrOther(text))
    return undefined;
  const url = URL.parse(text);
  const isPlain = url && url.host !== "" && url.username === "" && url.password === "";
  return isPlain && (url.href === text || url.href === `${text}/`) ? url : undefined;
}
