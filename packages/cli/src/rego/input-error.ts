import { CustodyError } from "custody/ground";

/** An input that could not be read: nothing was evaluated, and nothing is shown but the reason. */
export class InputError extends CustodyError<"cli/read"> {
  constructor(cause: unknown) {
    super("cli/read", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
