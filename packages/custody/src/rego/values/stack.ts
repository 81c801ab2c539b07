import { RegoFault } from "../faults.ts";

/**
 * Does work that goes as deep as what it works on. The stack is the limit of that, and reaching it is an answer.
 *
 * @throws RegoFault `rego/limit`.
 */
export function withinStack<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError) || !/call stack/i.test(cause.message)) throw cause;
    throw new RegoFault("rego/limit", `${what} nests too deep`, { cause });
  }
}
