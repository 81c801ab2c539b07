import { RegoSet } from "../../values/index.ts";

/** The members of the first that the second has not. */
export function difference(a: RegoSet, b: RegoSet): RegoSet {
  const left = new RegoSet();
  for (const member of a) if (!b.has(member)) left.add(member);
  return left;
}
