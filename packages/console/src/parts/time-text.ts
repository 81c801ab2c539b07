const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

/** `5 minutes ago`, `in 2 days`. */
export function agoText(then: number, now: number): string {
  const difference = then - now;
  const [unit, size] = units.find(([, milliseconds]) => Math.abs(difference) >= milliseconds) ?? [
    "second",
    1000,
  ];
  return relative.format(Math.round(difference / size), unit);
}

/** `0.4 s`, `2 min 5 s`. */
export function lengthText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
