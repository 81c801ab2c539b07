import { dayOfYear, weekday } from "./civil.ts";
import { layoutParts, monthNames, weekdayNames } from "./layout.ts";
import type { Moment } from "./moment.ts";

/** The moment in a layout of Go's `time.Format`. */
export function formatMoment(moment: Moment, layout: string): string {
  return layoutParts(layout)
    .map(({ prefix, element }) => prefix + formatElement(moment, element))
    .join("");
}

function formatElement(moment: Moment, element: string): string {
  if (element === "") return "";
  if (/^[-Z]07/.test(element)) return formatOffset(moment.offsetSeconds, element);
  if (/^[.,][09]/.test(element)) return formatFraction(moment.nanosecond, element);
  return formatDate(moment, element) ?? formatClock(moment, element);
}

function formatDate({ civil }: Moment, element: string): string | undefined {
  const { year, month, day } = civil;
  switch (element) {
    case "2006":
      return digits(year, 4);
    case "06":
      return digits(year % 100, 2);
    case "January":
      return monthNames[month - 1];
    case "Jan":
      return monthNames[month - 1]?.slice(0, 3);
    case "Monday":
      return weekdayNames[weekday(civil)];
    case "Mon":
      return weekdayNames[weekday(civil)]?.slice(0, 3);
    case "002":
      return digits(dayOfYear(year, month, day), 3);
    case "__2":
      return String(dayOfYear(year, month, day)).padStart(3, " ");
    case "_2":
      return String(day).padStart(2, " ");
    default:
      return numberOf(element, { 1: month, 2: day });
  }
}

function formatClock(moment: Moment, element: string): string {
  const { hour, minute, second } = moment.civil;
  switch (element) {
    case "15":
      return digits(hour, 2);
    case "PM":
      return hour >= 12 ? "PM" : "AM";
    case "pm":
      return hour >= 12 ? "pm" : "am";
    case "MST":
      return moment.zone.abbreviation(moment.unixSeconds);
    default:
      return numberOf(element, { 3: hour % 12 || 12, 4: minute, 5: second }) ?? "";
  }
}

/** A number as `4` or `04` asks for it. */
function numberOf(element: string, values: Readonly<Record<string, number>>): string | undefined {
  const value = values[element.replace(/^0/, "")];
  return value === undefined ? undefined : digits(value, element.length);
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function formatOffset(offsetSeconds: number, element: string): string {
  if (element.startsWith("Z") && offsetSeconds === 0) return "Z";
  const total = Math.abs(offsetSeconds);
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60].map((part) =>
    digits(part, 2),
  );
  const count = element.replaceAll(":", "").length / 2;
  const sign = offsetSeconds < 0 ? "-" : "+";
  return sign + parts.slice(0, Math.floor(count)).join(element.includes(":") ? ":" : "");
}

function formatFraction(nanosecond: number, element: string): string {
  const fraction = digits(nanosecond, 9).slice(0, element.length - 1);
  const shown = element[1] === "9" ? fraction.replace(/0+$/, "") : fraction.padEnd(element.length - 1, "0");
  return shown === "" ? "" : element.charAt(0) + shown;
}
