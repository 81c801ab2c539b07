import { CustodyError } from "custody/ground";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `30m`, `12h`, `7d`. */
export function parseDuration(text: string): number {
  const [, count, unit = ""] = /^([1-9][0-9]{0,5})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (units[unit] ?? Number.NaN);
  if (Number.isNaN(milliseconds)) {
    throw new CustodyError("cli/usage", `"${text}" is not a duration`, {
      next: "write it as 30m, 12h or 7d",
    });
  }
  return milliseconds;
}
