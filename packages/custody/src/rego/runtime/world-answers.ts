import { BuiltinError } from "../builtins/builtin.ts";
import { isObject, objectEntries, objectOf, termText } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";
import { EvaluationError } from "./errors.ts";

/** One answer: a value, none, or what the builtin could not do. */
type WorldAnswer =
  | { readonly kind: "value"; readonly value: RegoValue }
  | { readonly kind: "undefined" }
  | { readonly kind: "failure"; readonly message: string; readonly code: BuiltinError["code"] };

/**
 * What the world answered to evaluations: the time, random numbers, HTTP. An evaluation that is given an empty one fills it; one
 * that is given a finished one asks nobody, and comes to the same decision again. Within it, the same question has one answer.
 */
export class WorldAnswers {
  readonly #answers = new Map<string, Map<string, WorldAnswer>>();
  readonly #isFinished: boolean;

  constructor(isFinished = false) {
    this.#isFinished = isFinished;
  }

  /**
   * Finished answers from their document: by builtin, by operands as Rego writes them. OPA's `nd_builtin_cache` is such a
   * document; `failed` holds, in the same form, what could not be answered.
   *
   * @throws EvaluationError for a document of another form.
   */
  static of(document: RegoValue): WorldAnswers {
    const answers = new WorldAnswers(true);
    const { nd_builtin_cache: values = {}, failed = {}, undefined: none = {} } = membersOf(document);
    answers.#addAll(values, (value) => ({ kind: "value", value }));
    answers.#addAll(none, () => ({ kind: "undefined" }));
    answers.#addAll(failed, (value) => {
      const { message, code } = membersOf(value);
      const isType = code === "eval_type_error";
      return {
        kind: "failure",
        message: typeof message === "string" ? message : "",
        code: isType ? "eval_type_error" : "eval_builtin_error",
      };
    });
    return answers;
  }

  /**
   * The answer of a builtin for these operands: the known one, or the one that it gives now, which is kept.
   *
   * @throws BuiltinError as it failed; EvaluationError where a finished one does not know the answer.
   */
  ask(
    name: string,
    operands: readonly RegoValue[],
    evaluate: () => RegoValue | undefined,
  ): RegoValue | undefined {
    const question = termText(operands);
    const known = this.#answers.get(name)?.get(question);
    if (known) return tell(known);
    if (this.#isFinished) {
      throw new EvaluationError(
        "eval_builtin_error",
        `no answer of ${name}(${question}) is recorded`,
        undefined,
      );
    }
    const answer = answerOf(evaluate);
    this.#add(name, question, answer);
    return tell(answer);
  }

  /** What {@link WorldAnswers.of} reads. */
  toDocument(): RegoValue {
    return objectOf([
      [
        "nd_builtin_cache",
        this.#documentOf("value", (answer) => (answer.kind === "value" ? answer.value : null)),
      ],
      ["undefined", this.#documentOf("undefined", () => true)],
      [
        "failed",
        this.#documentOf("failure", (answer) => (answer.kind === "failure" ? failureOf(answer) : null)),
      ],
    ]);
  }

  #documentOf(kind: WorldAnswer["kind"], show: (answer: WorldAnswer) => RegoValue): RegoValue {
    const members = [...this.#answers].flatMap(([name, answers]) => {
      const shown = [...answers].filter(([, answer]) => answer.kind === kind);
      const object = objectOf(shown.map(([question, answer]) => [question, show(answer)] as const));
      return shown.length > 0 ? [[name, object] as const] : [];
    });
    return objectOf(members);
  }

  #addAll(document: RegoValue, read: (value: RegoValue) => WorldAnswer): void {
    for (const [name, questions] of Object.entries(membersOf(document))) {
      for (const [question, value] of Object.entries(membersOf(questions)))
        this.#add(name, question, read(value));
    }
  }

  #add(name: string, question: string, answer: WorldAnswer): void {
    const answers = this.#answers.get(name) ?? new Map<string, WorldAnswer>();
    this.#answers.set(name, answers.set(question, answer));
  }
}

function answerOf(evaluate: () => RegoValue | undefined): WorldAnswer {
  try {
    const value = evaluate();
    return value === undefined ? { kind: "undefined" } : { kind: "value", value };
  } catch (error) {
    if (!(error instanceof BuiltinError)) throw error;
    return { kind: "failure", message: error.message, code: error.code };
  }
}

function tell(answer: WorldAnswer): RegoValue | undefined {
  if (answer.kind === "failure") throw new BuiltinError(answer.message, answer.code);
  return answer.kind === "value" ? answer.value : undefined;
}

function failureOf({ message, code }: { readonly message: string; readonly code: string }): RegoValue {
  return { message, code };
}

function membersOf(value: RegoValue): Readonly<Record<string, RegoValue>> {
  const entries = isObject(value) ? objectEntries(value) : undefined;
  const named = entries?.flatMap(([name, member]) =>
    typeof name === "string" ? [[name, member] as const] : [],
  );
  if (named && named.length === entries?.length) return Object.fromEntries(named);
  throw new EvaluationError(
    "eval_builtin_error",
    "what is recorded is not answers by builtin and operands",
    undefined,
  );
}
