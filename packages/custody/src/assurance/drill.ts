import type { AttestorPorts, Authorities, IssuedAttestation } from "custody/authority";
import type { Statement } from "custody/evidence";
import type { Bytes, Signer, Verdict } from "custody/ground";
import type { GateQuestion } from "custody/policy";
import type { SpiffeId } from "custody/spiffe";

/**
 * One attack, tried on a real delivery. It is refused with its own code; and with only that check off it passes,
 * otherwise it would show nothing about the check.
 */
export interface Drill<Scene> {
  /** What the attacker does, as a sentence. */
  readonly name: string;
  /** The reason code with which it must be refused. */
  readonly code: string;
  /** Tries the attack with these checks off. */
  attempt(scene: Scene, without: readonly string[]): Promise<Verdict<unknown>>;
}

/** What came of a drill. */
export interface DrillResult {
  readonly name: string;
  readonly code: string;
  /** The codes with which the attack was refused; empty when it passed. */
  readonly refusedWith: readonly string[];
  /** Whether the attack passes with the one check off. */
  readonly control: "passed" | readonly string[];
  readonly holds: boolean;
}

/** Runs the attack with every check on, then its control arm. */
export async function runDrill<Scene>(drill: Drill<Scene>, scene: Scene): Promise<DrillResult> {
  const attack = await drill.attempt(scene, []);
  const control = await drill.attempt(scene, [drill.code]);
  const refusedWith = codesOf(attack);
  return {
    name: drill.name,
    code: drill.code,
    refusedWith,
    control: control.kind === "allowed" ? "passed" : codesOf(control),
    holds: attack.kind === "refused" && refusedWith.includes(drill.code) && control.kind === "allowed",
  };
}

function codesOf(verdict: Verdict<unknown>): readonly string[] {
  return verdict.kind === "allowed" ? [] : [...new Set(verdict.reasons.map(({ code }) => code))];
}

/** A delivered chain and an insider's means: the attacker of these drills holds real certificates of real identities. */
export interface ChainScene {
  /** The question to which the gate says yes. */
  readonly question: GateQuestion;
  readonly authorities: Authorities;
  readonly ports: AttestorPorts;
  readonly logSigner: Signer;
  /** Raw commit objects, with the ids git gave them. */
  readonly commits: {
    readonly unsigned: RawCommit;
    /** Signed by a key that the policy does not list. */
    readonly stranger: RawCommit;
    /** Another commit of the listed developer. */
    readonly other: RawCommit;
  };
  attest(identity: SpiffeId, statement: Statement): Promise<IssuedAttestation>;
}

export interface RawCommit {
  readonly id: string;
  readonly object: Bytes;
}
