import { BuiltinError } from "../builtins/builtin.ts";
import type { Builtin } from "../builtins/builtin.ts";
import type { Location } from "../syntax/index.ts";
import type { RegoValue } from "../values/index.ts";
import { EvaluationError } from "./errors.ts";
import type { Frame } from "./frame.ts";

/** A builtin as generated code calls it. */
export type LinkedBuiltin = (frame: Frame, at: Location, ...operands: RegoValue[]) => RegoValue | undefined;

/** What a builtin cannot do is undefined, and in strict mode ends the evaluation. */
export function linkBuiltin(builtin: Builtin): LinkedBuiltin {
  if (builtin.nondeterministic) return linkWideBuiltin(builtin);
  const { name, evaluate } = builtin;
  // oxlint-disable-next-line max-params -- a rest parameter would make an array of every call
  return (frame, at, a, b, c) => {
    try {
      return evaluate(frame.evaluation.context, a, b, c);
    } catch (error) {
      return failed(frame, at, name, error);
    }
  };
}

/** The same for builtins of more than three operands. */
export function linkWideBuiltin(builtin: Builtin): LinkedBuiltin {
  const { name } = builtin;
  const evaluate = builtin.nondeterministic ? askingOnce(builtin) : builtin.evaluate;
  return (frame, at, ...operands) => {
    try {
      return evaluate(frame.evaluation.context, ...operands);
    } catch (error) {
      return failed(frame, at, name, error);
    }
  };
}

// Where answers of the world are kept, it is asked there.
function askingOnce({ name, evaluate }: Builtin): Builtin["evaluate"] {
  return (context, ...given) => {
    const operands = given.filter((operand) => operand !== undefined);
    const ask = (): RegoValue | undefined => evaluate(context, ...operands);
    return context.world ? context.world.ask(name, operands, ask) : ask();
  };
}

function failed(frame: Frame, at: Location, name: string, error: unknown): undefined {
  if (!(error instanceof BuiltinError)) throw error;
  if (!frame.evaluation.strict) return undefined;
  throw new EvaluationError(error.code, `${name}: ${error.message}`, at, error);
}
