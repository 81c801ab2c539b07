/** What has been read of a time. */
export class Fields {
  year = 0;
  month: number | undefined;
  day: number | undefined;
  dayOfYear: number | undefined;
  hour = 0;
  minute = 0;
  second = 0;
  nanosecond = 0;
  offsetSeconds = 0;
  half: "am" | "pm" | undefined;
  /** The field that has a value which it cannot have. */
  outOfRange = "";

  /** The hour once it is known whether it is before noon. */
  get hour24(): number {
    if (this.half === "pm" && this.hour < 12) return this.hour + 12;
    return this.half === "am" && this.hour === 12 ? 0 : this.hour;
  }

  /** The value, noted if it is outside. */
  within(name: string, value: number, [least, most]: readonly [number, number]): number {
    if (value < least || value > most) this.outOfRange = name;
    return value;
  }
}
