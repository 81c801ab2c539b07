import { runtimeFault } from "./faults.ts";
import type { SandboxSpec, StepSpec, WorkloadSpec } from "./specification.ts";

const inputName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Checks what no sandbox could honour, or what would lead out of it: every adapter calls it first.
 *
 * @throws CustodyError `runtime/specification`.
 */
export function checkSpecification(spec: StepSpec | WorkloadSpec): void {
  checkProcess(spec);
  if ("inputs" in spec) checkInputs(spec);
  const { memoryBytes, cpus, pids } = spec.limits;
  const odd = [memoryBytes, cpus, pids].find((limit) => !Number.isFinite(limit) || limit <= 0);
  if (odd !== undefined) throw fault(spec.name, `a limit is ${odd}`);
}

function checkProcess(
  spec: Pick<SandboxSpec, "name" | "command" | "environment" | "workingDirectory">,
): void {
  const names = Object.keys(spec.environment);
  const texts = [...spec.command, ...Object.values(spec.environment), spec.workingDirectory];
  const odd = names.find((name) => !variableName.test(name));
  if (odd !== undefined) throw fault(spec.name, `${JSON.stringify(odd)} is no variable's name`);
  if (texts.some((text) => text.includes("\0")))
    throw fault(spec.name, "a word of its command has a NUL in it");
  if (!spec.workingDirectory.startsWith("/")) throw fault(spec.name, "its working directory is not absolute");
}

function checkInputs(spec: StepSpec): void {
  const odd = Object.keys(spec.inputs).find((name) => !inputName.test(name));
  if (odd !== undefined) throw fault(spec.name, `${JSON.stringify(odd)} is no name for an input`);
}

function fault(subject: string, problem: string): Error {
  return runtimeFault("runtime/specification", `"${subject}" cannot be run: ${problem}`, { subject });
}
