/** What a monitor is there to find. */
export const alarmCodes = [
  /** The checkpoint is not signed by the log, or is another log's. */
  "monitor/signature",
  /** Fewer witnesses cosigned it than the policy asks for. */
  "monitor/not-witnessed",
  /** The log signed two trees of one size; the alarm carries both notes. */
  "monitor/forked",
  /** The log shows fewer entries than before. */
  "monitor/rolled-back",
  /** The new tree does not extend the old one. */
  "monitor/inconsistent",
  /** A tile or bundle that the checkpoint needs is missing, or not its. */
  "monitor/tile",
  /** Somebody signed in one of the watched names what nobody expected. */
  "monitor/identity",
  /** An entry cannot be read, so that nobody can say in whose name it is. */
  "monitor/entry",
] as const;

export type AlarmCode = (typeof alarmCodes)[number];

export interface Alarm {
  readonly code: AlarmCode;
  /** The log, by its origin. */
  readonly log: string;
  readonly message: string;
  /** What proves it: notes, an entry's index, digest and signer. */
  readonly details: Readonly<Record<string, unknown>>;
}
