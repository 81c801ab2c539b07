const atom = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+$/u;
const quoted = /^"(?:[^"\\]|\\.)*"$/su;

/** Whether a text is one address as mail has it (RFC 5322 §3.4): `a@b.example`, `Name <a@b.example>`. */
export function isMailAddress(text: string): boolean {
  const trimmed = text.replace(/\([^()]*\)[ \t]*$/, "").replace(/^[ \t]+|[ \t]+$/g, "");
  const open = trimmed.endsWith(">") ? trimmed.lastIndexOf("<") : -1;
  if (open < 0) return isAddress(trimmed);
  const name = trimmed.slice(0, open).trim();
  return isName(name) && isAddress(trimmed.slice(open + 1, -1));
}

function isName(name: string): boolean {
  return (
    name === "" ||
    quoted.test(name) ||
    name.split(/[ \t]+/).every((word) => word.split(".").every(isAtomOrNone))
  );
}

function isAtomOrNone(word: string): boolean {
  return word === "" || atom.test(word);
}

function isAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at <= 0) return false;
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  return (quoted.test(local) || isDotted(local)) && (isDotted(domain) || /^\[[^[\]\\]+\]$/.test(domain));
}

function isDotted(text: string): boolean {
  return text.split(".").every((part) => atom.test(part));
}
