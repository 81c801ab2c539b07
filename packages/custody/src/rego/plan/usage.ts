import type { Operand, Register, Replacement, Step } from "./plan.ts";

/** The registers that a step reads, its inner bodies and its context included. */
export function readBy(step: Step): readonly Register[] {
  const operands = operandsOf(step).flatMap((one) => (one.kind === "register" ? [one.register] : []));
  const context = "context" in step ? [step.context] : step.op === "with" ? [step.from] : [];
  return [...operands, ...context, ...innerOf(step).flatMap(readBy)];
}

/** The registers that a step writes, those inside of its bodies included. */
export function writtenBy(step: Step): readonly Register[] {
  const own: (Register | undefined)[] = [];
  if ("to" in step) own.push(step.to);
  if (step.op === "scan" || step.op === "every") own.push(step.key, step.value);
  if (step.op === "scanNode") own.push(...step.keys);
  const inner = innerOf(step).flatMap(writtenBy);
  return [...own.filter((register) => register !== undefined), ...inner];
}

function innerOf(step: Step): readonly Step[] {
  return step.op === "not" || step.op === "every" || step.op === "comprehension" ? step.body : [];
}

function operandsOf(step: Step): readonly Operand[] {
  switch (step.op) {
    case "get":
      return [step.from, step.key];
    case "scan":
    case "holds":
    case "isArray":
    case "isObject":
    case "every":
      return [step.from];
    case "equal":
      return [step.a, step.b];
    case "isMember":
      return [step.member, step.of];
    case "array":
    case "set":
      return step.items;
    case "object":
      return step.items.flat();
    case "call":
    case "invoke":
      return step.args;
    case "scanNode":
      return step.pattern.filter((one) => one !== undefined);
    case "comprehension":
      return [...step.yields, ...(step.groups?.flatMap(({ by, found }) => [by, found]) ?? [])];
    case "with":
      return step.replacements.flatMap(replacementOperands);
    default:
      return [];
  }
}

function replacementOperands(one: Replacement): readonly Operand[] {
  return one.what === "function" ? [] : [one.value];
}
