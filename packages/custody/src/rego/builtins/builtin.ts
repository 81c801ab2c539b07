import type { RegoType } from "../types.ts";
import type { RegoValue } from "../values/index.ts";

/**
 * One builtin function: its name, its type as OPA's capabilities state it, and what it does.
 *
 * The operands are defined values, not yet checked against `args`. `undefined` as result means undefined. Whatever
 * cannot be done is a `BuiltinError`: undefined in ordinary evaluation, the end of it in strict mode.
 */
export interface Builtin {
  readonly name: string;
  readonly args: readonly RegoType[];
  readonly variadic?: RegoType;
  /** Absent where a call has no value to bind (`print`); it answers true. */
  readonly result?: RegoType;
  /** The operator that stands for it: `+`. */
  readonly infix?: string;
  readonly deprecated?: true;
  /** Answers may differ from one evaluation to the next; within one they are the same for the same operands. */
  readonly nondeterministic?: true;
  /** The result is an array of the values that the call has, one after the other (`walk`). */
  readonly relation?: true;
  readonly evaluate: (context: BuiltinContext, ...operands: RegoValue[]) => RegoValue | undefined;
}

/** What a builtin may use besides its operands. One context belongs to one evaluation. */
export interface BuiltinContext {
  readonly host: RegoHost;
  /** What the world has answered, where that is recorded or replayed. */
  readonly world?: WorldRecord;
  /** Kept until the evaluation ends: constants of it (the time), compiled patterns, answers that must not change. */
  readonly memo: Map<string, unknown>;
  /**
   * Kept with the policy, from one evaluation to the next: what follows from operands alone (compiled patterns).
   * Absent where nothing lasts longer than an evaluation.
   */
  readonly kept?: Map<string, unknown>;
  /**
   * Counts work towards the limits of the evaluation; a loop whose length an operand decides calls it.
   *
   * @throws RegoFault `rego/limit`.
   */
  readonly spend: (steps: number) => void;
}

/** Keeps what builtins answered that ask the world; see `WorldAnswers`. */
export interface WorldRecord {
  ask(
    name: string,
    operands: readonly RegoValue[],
    evaluate: () => RegoValue | undefined,
  ): RegoValue | undefined;
}

/**
 * The world, as far as a policy may see it. Whatever is left out is denied: the builtins that need it answer
 * with an error.
 */
export interface RegoHost {
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly now?: () => bigint;
  readonly randomBytes?: (length: number) => Uint8Array;
  /** What `opa.runtime()` shows. */
  readonly runtime?: () => RegoValue;
  readonly lookupAddresses?: (name: string) => readonly string[];
  readonly send?: (request: HttpRequest) => HttpOutcome;
  readonly crypto?: RegoCrypto;
  /** Where `print` and `trace` go. */
  readonly print?: (line: string) => void;
}

/** One HTTP request of `http.send`; the call waits for its outcome. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** For everything, redirects too; zero for as long as the host allows. */
  readonly timeoutMilliseconds: number;
  readonly followRedirects: boolean;
  /** How often a request without an answer is made again. */
  readonly retries: number;
  /** Absent where the host's own settings hold. */
  readonly tls?: TlsSettings;
}

export interface TlsSettings {
  /** The server's certificate is not looked at. */
  readonly insecure: boolean;
  /** The name that the certificate must have, if not the URL's. */
  readonly serverName: string | undefined;
  /** The system's authorities, besides those named here. */
  readonly useSystemAuthorities: boolean;
  readonly authorities: readonly PemSource[];
  readonly clientPairs: readonly { readonly certificate: PemSource; readonly key: PemSource }[];
}

/** Where a text in PEM is: here, in a file, or in a variable of the environment. */
export interface PemSource {
  readonly kind: "text" | "file" | "variable";
  readonly value: string;
}

export type HttpOutcome = HttpAnswer | HttpFailure;

export interface HttpAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly statusText: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

/** No answer came: the settings of the request are wrong, the network failed, or time was up. */
export interface HttpFailure {
  readonly kind: "settings" | "network" | "timeout";
  readonly message: string;
}

/** The cryptography of the token and certificate builtins; keys are DER. All of it answers at once. */
export interface RegoCrypto {
  /** The signature's check; false for whatever is malformed. `algorithm` is a JWA name (RFC 7518 §3.1, RFC 8037). */
  readonly verify: (algorithm: string, spki: Uint8Array, signature: Uint8Array, data: Uint8Array) => boolean;
  /** The signature in JWA's form (ECDSA: r and s side by side). @throws for a key that does not fit. */
  readonly sign: (algorithm: string, pkcs8: Uint8Array, data: Uint8Array) => Uint8Array;
  /** The SubjectPublicKeyInfo that belongs to a private key. @throws for what is no key. */
  readonly publicKey: (pkcs8: Uint8Array) => Uint8Array;
}

/** A builtin that could not: wrong operand, or no answer for this one. */
export class BuiltinError extends Error {
  override readonly name = "BuiltinError";
  /** OPA's code. */
  readonly code: "eval_type_error" | "eval_builtin_error";

  constructor(
    message: string,
    code: BuiltinError["code"] = "eval_builtin_error",
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
    this.code = code;
  }
}
