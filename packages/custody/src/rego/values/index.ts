export {
  addFloats,
  bitLength,
  divideFloats,
  floatOfInteger,
  isWhole,
  multiplyFloats,
  readFloat,
  subtractFloats,
  truncateFloat,
} from "./big-float.ts";
export type { BigFloat } from "./big-float.ts";
export { floatText } from "./big-float-text.ts";
export { stringBytes, stringOfBytes } from "./byte-strings.ts";
export { compare, equal } from "./compare.ts";
export { objectEntries, objectGet, objectKeys, objectSize } from "./entries.ts";
export type { Entry } from "./entries.ts";
export { readJson, toPlainJson, writeJson } from "./json-text.ts";
export { canonicalKey } from "./key.ts";
export { isArray, isNumber, isObject, isSet, kindName, kindOf, kinds } from "./kinds.ts";
export type { KindName } from "./kinds.ts";
export {
  compareNumbers,
  findInt64,
  findInteger,
  numberOf,
  numberOfInteger,
  numberText,
  RegoNumber,
} from "./number.ts";
export type { AnyNumber } from "./number.ts";
export { mergeShallow, ObjectBuilder, objectOf, RegoObject, setName } from "./object.ts";
export { RegoSet } from "./set.ts";
export { compareStrings, quote } from "./strings.ts";
export { termText } from "./term-text.ts";
export type { AnyObject, PlainObject, RegoArray, RegoValue } from "./value.ts";
