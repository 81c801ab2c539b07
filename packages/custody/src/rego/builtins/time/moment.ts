import { findInteger, isArray, isNumber, numberOfInteger } from "../../values/index.ts";
import type { AnyNumber, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { numberOperand, stringOperand, wrongType } from "../operands.ts";
import { civilOf, civilSeconds } from "./civil.ts";
import type { Civil } from "./civil.ts";
import { getZone, utc } from "./zone.ts";
import type { Zone } from "./zone.ts";

const billion = 1_000_000_000n;

/** An instant as the clocks of a zone show it. */
export interface Moment {
  readonly unixSeconds: bigint;
  readonly nanosecond: number;
  readonly zone: Zone;
  readonly offsetSeconds: number;
  readonly civil: Civil;
}

/** @param nanoseconds since 1970. */
export function momentAt(nanoseconds: bigint, zone: Zone): Moment {
  const nanosecond = Number(((nanoseconds % billion) + billion) % billion);
  const unixSeconds = (nanoseconds - BigInt(nanosecond)) / billion;
  const offsetSeconds = zone.offsetSeconds(unixSeconds);
  return {
    unixSeconds,
    nanosecond,
    zone,
    offsetSeconds,
    civil: civilOf(unixSeconds + BigInt(offsetSeconds)),
  };
}

/** The instant at which a zone's clocks show this. In a gap or an overlap it is one of the two that it may be. */
export function instantOf(civil: Civil, zone: Zone): bigint {
  const local = civilSeconds(civil);
  if (zone === utc) return local;
  const first = zone.offsetSeconds(local);
  const guess = local - BigInt(first);
  return local - BigInt(zone.offsetSeconds(guess));
}

/** A moment, and the layout that came with it. */
export interface MomentOperand {
  readonly moment: Moment;
  readonly layout: string;
}

/**
 * Nanoseconds, or an array of them, a zone's name and a layout.
 *
 * @throws BuiltinError
 */
export function momentOperand(context: BuiltinContext, value: RegoValue): MomentOperand {
  const [time, zone, layout] = isArray(value) ? value : [value];
  if (time === undefined || !(isArray(value) || isNumber(value)))
    throw wrongType(value, 1, "either number (ns) or [number (ns), string (tz)]");
  const number = numberOperand(time, 1);
  const zoneName = zone === undefined ? "" : stringOperand(zone, 1);
  const found = zoneOf(context, zoneName);
  const layoutText = layout === undefined ? "" : stringOperand(layout, 1);
  return { moment: momentAt(nanosecondsOf(number), found), layout: layoutText };
}

function zoneOf({ memo }: BuiltinContext, name: string): Zone {
  const key = `time zone ${name}`;
  const zone = (memo.get(key) as Zone | undefined) ?? getZone(name);
  memo.set(key, zone);
  return zone;
}

function nanosecondsOf(number: AnyNumber): bigint {
  const integer = findInteger(number);
  if (integer !== undefined && BigInt.asIntN(64, integer) === integer) return integer;
  throw new BuiltinError("timestamp too big");
}

/**
 * Nanoseconds since 1970 as a value.
 *
 * @throws BuiltinError outside of 64 bits.
 */
export function nanosecondsValue(unixSeconds: bigint, nanosecond: number): AnyNumber {
  const nanoseconds = unixSeconds * billion + BigInt(nanosecond);
  if (BigInt.asIntN(64, nanoseconds) === nanoseconds) return numberOfInteger(nanoseconds);
  throw new BuiltinError("time outside of valid range");
}
