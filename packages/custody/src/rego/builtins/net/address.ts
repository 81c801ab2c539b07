/** An IP address. One of version 4 inside version 6 (`::ffff:1.2.3.4`) is of version 4. */
export interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

const mappedPrefix = 0xffffn << 32n;

/** The address that a text is, or undefined; with no zone. */
export function findAddress(text: string): Address | undefined {
  if (!text.includes(":")) return findVersion4(text);
  const value = findVersion6(text);
  return value === undefined ? undefined : unmap(value);
}

/** An address of version 6 as a number, or the version 4 one inside it. */
export function unmap(value: bigint): Address {
  return value >> 32n === 0xffffn ? { version: 4, value: value - mappedPrefix } : { version: 6, value };
}

/** The number among addresses of version 6. */
export function mappedValue({ version, value }: Address): bigint {
  return version === 4 ? mappedPrefix + value : value;
}

function findVersion4(text: string): Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return { version: 4, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
}

/** RFC 4291 §2.2. */
function findVersion6(text: string): bigint | undefined {
  const halves = text.split("::").map(findGroups);
  const groups = halves.length === 1 ? halves[0]?.groups : findElided(halves);
  if (groups?.length !== 8) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** Before and after the one `::`, which stands for a group of zeros at least. */
function findElided(halves: readonly (Groups | undefined)[]): readonly number[] | undefined {
  const [before, after] = halves;
  if (halves.length > 2 || !before || !after || before.dotted) return undefined;
  const missing = 8 - before.groups.length - after.groups.length;
  if (missing < 1) return undefined;
  return [...before.groups, ...Array<number>(missing).fill(0), ...after.groups];
}

interface Groups {
  readonly groups: readonly number[];
  /** The last two were written as an address of version 4. */
  readonly dotted: boolean;
}

function findGroups(text: string): Groups | undefined {
  if (text === "") return { groups: [], dotted: false };
  const parts = text.split(":");
  const last = parts.at(-1) ?? "";
  const inner = last.includes(".") ? findVersion4(last) : undefined;
  const plain = inner ? parts.slice(0, -1) : parts;
  if (!plain.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  const groups = plain.map((part) => Number.parseInt(part, 16));
  if (!inner) return { groups, dotted: false };
  return { groups: [...groups, Number(inner.value >> 16n), Number(inner.value & 0xffffn)], dotted: true };
}

/** The text of an address: RFC 5952 for version 6. */
export function addressText({ version, value }: Address): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

function longestZeros(groups: readonly string[]): readonly [number, number] {
  let [start, length] = [0, 0];
  for (let i = 0; i < groups.length; i++) {
    const run = groups.slice(i).findIndex((group) => group !== "0");
    const size = run < 0 ? groups.length - i : run;
    if (size > length) [start, length] = [i, size];
  }
  return [start, length];
}
