import { types } from "../../types.ts";
import { numberOfInteger } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { intOperand, stringOperand } from "../operands.ts";
import { weekday } from "./civil.ts";
import { difference } from "./difference.ts";
import { parseDuration } from "./duration.ts";
import { formatMoment } from "./format.ts";
import { layoutOf, weekdayNames } from "./layout.ts";
import { instantOf, momentOperand, nanosecondsValue } from "./moment.ts";
import { currentTime } from "./now.ts";
import { parseTime } from "./parse.ts";

const { anyOf, array, number, string } = types;

const zoned = array([number, string]);
const moment = anyOf(number, zoned);
const three = array([number, number, number]);

export const timeBuiltins: readonly Builtin[] = [
  { name: "time.now_ns", args: [], result: number, nondeterministic: true, evaluate: currentTime },
  {
    name: "time.parse_ns",
    args: [string, string],
    result: number,
    evaluate: (_, layout, text) => {
      const form = layoutOf(stringOperand(layout, 1));
      return parseNanoseconds(form, stringOperand(text, 2));
    },
  },
  {
    name: "time.parse_rfc3339_ns",
    args: [string],
    result: number,
    evaluate: (_, text) => parseNanoseconds(layoutOf("RFC3339"), stringOperand(text, 1)),
  },
  {
    name: "time.parse_duration_ns",
    args: [string],
    result: number,
    evaluate: (_, text) => numberOfInteger(parseDuration(stringOperand(text, 1))),
  },
  {
    name: "time.format",
    args: [anyOf(number, zoned, array([number, string, string]))],
    result: string,
    evaluate: (context, operand) => {
      const { moment, layout } = momentOperand(context, operand);
      return formatMoment(moment, layoutOf(layout === "" ? "RFC3339Nano" : layout));
    },
  },
  {
    name: "time.date",
    args: [moment],
    result: three,
    evaluate: (context, operand) => {
      const { year, month, day } = momentOperand(context, operand).moment.civil;
      return [year, month, day];
    },
  },
  {
    name: "time.clock",
    args: [moment],
    result: three,
    evaluate: (context, operand) => {
      const { hour, minute, second } = momentOperand(context, operand).moment.civil;
      return [hour, minute, second];
    },
  },
  {
    name: "time.weekday",
    args: [moment],
    result: string,
    evaluate: (context, operand) => weekdayNames[weekday(momentOperand(context, operand).moment.civil)],
  },
  { name: "time.add_date", args: [number, number, number, number], result: number, evaluate: addDate },
  {
    name: "time.diff",
    args: [moment, moment],
    result: array([number, number, number, number, number, number]),
    evaluate: (context, a, b) => {
      const first = momentOperand(context, a).moment;
      return difference(first, momentOperand(context, b).moment);
    },
  },
];

function parseNanoseconds(layout: string, text: string): RegoValue {
  const { unixSeconds, nanosecond } = parseTime(layout, text);
  return nanosecondsValue(unixSeconds, nanosecond);
}

function addDate(context: BuiltinContext, ...operands: RegoValue[]): RegoValue {
  const [time = null, ...amounts] = operands;
  const { civil, nanosecond, zone } = momentOperand(context, time).moment;
  const [years = 0, months = 0, days = 0] = amounts.map((amount, i) => intOperand(amount, i + 2));
  const moved = { ...civil, year: civil.year + years, month: civil.month + months, day: civil.day + days };
  return nanosecondsValue(instantOf(moved, zone), nanosecond);
}
