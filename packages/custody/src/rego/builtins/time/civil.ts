/** A date of the proleptic Gregorian calendar and a time of day; months count from 1. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const secondsADay = 86_400;
const daysIn400Years = 146_097;

/** Seconds since 1970-01-01T00:00:00 on the same clock. Months and days may lie outside their ranges. */
export function civilSeconds({ year, month, day, hour, minute, second }: Civil): bigint {
  const years = year + Math.floor((month - 1) / 12);
  const normalMonth = ((((month - 1) % 12) + 12) % 12) + 1;
  const days = BigInt(daysBefore(years, normalMonth)) + BigInt(day) - 1n;
  return days * BigInt(secondsADay) + BigInt(hour * 3600 + minute * 60 + second);
}

/** Days from 1970-01-01 to the first of a month; years begin in March here, so that leap days come last. */
function daysBefore(year: number, month: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const monthOfYear = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * monthOfYear + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysIn400Years + dayOfEra - 719_468;
}

/** What such seconds stand for. */
export function civilOf(seconds: bigint): Civil {
  const total = Number(seconds);
  const days = Math.floor(total / secondsADay);
  const rest = total - days * secondsADay;
  const clock = { hour: Math.floor(rest / 3600), minute: Math.floor(rest / 60) % 60, second: rest % 60 };
  return { ...dateOf(days), ...clock };
}

function dateOf(days: number): Pick<Civil, "year" | "month" | "day"> {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / daysIn400Years);
  const dayOfEra = shifted - era * daysIn400Years;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthOfYear = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthOfYear < 10 ? monthOfYear + 3 : monthOfYear - 9;
  const day = dayOfYear - Math.floor((153 * monthOfYear + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** From 1. */
export function dayOfYear(year: number, month: number, day: number): number {
  return daysBefore(year, month) - daysBefore(year, 1) + day;
}

/** From Sunday, which is 0. */
export function weekday({ year, month, day }: Pick<Civil, "year" | "month" | "day">): number {
  const days = daysBefore(year, month) + day - 1;
  return (((days + 4) % 7) + 7) % 7;
}
