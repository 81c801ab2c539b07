import { types } from "../../types.ts";
import { isArray, isObject, isSet, objectEntries } from "../../values/index.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";

/** Every value inside a value, itself first, with the path that leads to it; members of sets are their own keys. */
export const walk: Builtin = {
  name: "walk",
  args: [types.any],
  result: types.array([types.arrayOf(types.any), types.any]),
  relation: true,
  evaluate: (context, value) => walked(context, value),
};

type Visit = readonly [path: RegoArray, value: RegoValue];

function walked(context: BuiltinContext, value: RegoValue): Visit[] {
  const visits: Visit[] = [];
  const pending: Visit[] = [[[], value]];
  for (let visit = pending.pop(); visit; visit = pending.pop()) {
    const [path, inner] = visit;
    context.spend(1 + path.length / 16);
    visits.push(visit);
    const children = childrenOf(inner);
    for (let i = children.length - 1; i >= 0; i--) {
      const [key, child] = children[i] as readonly [RegoValue, RegoValue];
      pending.push([[...path, key], child]);
    }
  }
  return visits;
}

function childrenOf(value: RegoValue): readonly (readonly [RegoValue, RegoValue])[] {
  if (isArray(value)) return value.map((item, i) => [i, item]);
  if (isSet(value)) return value.sorted().map((member) => [member, member]);
  return isObject(value) ? objectEntries(value) : [];
}
