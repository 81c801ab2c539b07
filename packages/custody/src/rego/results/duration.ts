const units = [
  { name: "ns", nanoseconds: 1n },
  { name: "µs", nanoseconds: 1000n },
  { name: "ms", nanoseconds: 1_000_000n },
] as const;

const second = 1_000_000_000n;

/** A length of time as Go prints it: `772.05µs`, `1.5s`, `2m0.25s`. */
export function durationText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const unit = units.findLast((one) => nanoseconds >= one.nanoseconds) ?? units[0];
  if (nanoseconds < second) return decimal(nanoseconds, unit.nanoseconds) + unit.name;
  const minutes = nanoseconds / (60n * second);
  const seconds = `${decimal(nanoseconds % (60n * second), second)}s`;
  if (minutes === 0n) return seconds;
  const hours = minutes / 60n;
  return `${hours > 0n ? `${hours}h` : ""}${minutes % 60n}m${seconds}`;
}

function decimal(nanoseconds: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = String(nanoseconds % unit)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return `${nanoseconds / unit}${digits > 0 && fraction !== "" ? `.${fraction}` : ""}`;
}
