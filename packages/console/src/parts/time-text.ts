const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/**
 * `5 minutes ago`, `in 2 days`, `yesterday`. By hand: that a browser gets its own words for it (Intl.RelativeTimeFormat) ready
 * takes as long as all the rest of a first view's frame.
 */
export function agoText(then: number, now: number): string {
  const distance = Math.abs(then - now);
  const [unit, size] = units.find(([, milliseconds]) => distance >= milliseconds) ?? ["second", 1000];
  const count = Math.round(distance / size);
  if (count === 0) return "now";
  const isPast = then < now;
  if (unit === "day" && count === 1) return isPast ? "yesterday" : "tomorrow";
  const length = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return isPast ? `${length} ago` : `in ${length}`;
}

/** `0.4 s`, `2 min 5 s`. */
export function lengthText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
