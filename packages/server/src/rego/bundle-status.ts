import type { RegoValue } from "custody/rego";

/** How it stands with a bundle that is configured. */
export class BundleStatus {
  readonly name: string;
  #activeRevision: string | undefined;
  #lastSuccessfulActivation: string | undefined;
  #lastSuccessfulRequest: string | undefined;
  #message: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** RFC 3339; undefined until it was activated for the first time. */
  get lastSuccessfulActivation(): string | undefined {
    return this.#lastSuccessfulActivation;
  }

  /** Why the last try failed; undefined when it did not. */
  get message(): string | undefined {
    return this.#message;
  }

  /** It was asked for; with a revision it was activated too. */
  succeeded(revision?: string): void {
    const now = new Date().toISOString();
    this.#lastSuccessfulRequest = now;
    this.#message = undefined;
    if (revision === undefined) return;
    this.#activeRevision = revision;
    this.#lastSuccessfulActivation = now;
  }

  failed(message: string): void {
    this.#message = message;
  }

  get document(): RegoValue {
    const shown = {
      name: this.name,
      active_revision: this.#activeRevision,
      last_successful_activation: this.#lastSuccessfulActivation,
      last_successful_request: this.#lastSuccessfulRequest,
      message: this.#message,
    };
    const present = Object.entries(shown).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return Object.fromEntries(present);
  }
}
