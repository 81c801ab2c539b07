/** The order of names in go-yaml: letters as they are, numbers inside of names by their value. */
export function compareNames(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (const [i, character] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (character !== other) return compareFrom(left, right, i);
  }
  return left.length - right.length;
}

/** From the first place where they differ. */
function compareFrom(left: readonly string[], right: readonly string[], at: number): number {
  const [a = "", b = ""] = [left[at], right[at]];
  const letters = [isLetter(a), isLetter(b)];
  if (letters[0] && letters[1]) return a < b ? -1 : 1;
  if (letters[0] || letters[1]) {
    const afterDigit = at > 0 && isDigit(left[at - 1] ?? "");
    return letters[0] === afterDigit ? -1 : 1;
  }
  const lead = a === "0" || b === "0" ? leadingDigit(left, at) : "";
  const [numberA, numberB] = [digitsFrom(left, at), digitsFrom(right, at)];
  const [valueA, valueB] = [BigInt(`0${lead}${numberA}`), BigInt(`0${lead}${numberB}`)];
  if (valueA !== valueB) return valueA < valueB ? -1 : 1;
  if (numberA.length !== numberB.length) return numberA.length - numberB.length;
  return a < b ? -1 : 1;
}

/** A one if a digit other than zero stands before. */
function leadingDigit(text: readonly string[], at: number): string {
  for (let i = at - 1; i >= 0 && isDigit(text[i] ?? ""); i--) if (text[i] !== "0") return "1";
  return "";
}

function digitsFrom(text: readonly string[], at: number): string {
  let end = at;
  while (isDigit(text[end] ?? "")) end++;
  return text.slice(at, end).join("");
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character);
}

function isDigit(character: string): boolean {
  return /^\d$/.test(character);
}
