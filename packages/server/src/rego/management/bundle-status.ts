import { CustodyError } from "custody/ground";
import { RegoDiagnostics } from "custody/rego";
import { items, members, problemsOf } from "custody/rego/results";
import type { Document } from "custody/rego/results";

import { problemDocument } from "../api-error.ts";

/** The instant of what has not been yet, as Go writes it. */
const never = "0001-01-01T00:00:00Z";

/** What a bundle is: the whole, or changes to it. */
export type BundleKind = "snapshot" | "delta";

/** How it stands with a bundle that is configured; who wants to know is told of every change. */
export class BundleStatus {
  readonly name: string;
  readonly #changed: () => void;
  #revision = "";
  #kind: BundleKind | undefined;
  #sizeBytes = 0;
  #activated: string | undefined;
  #downloaded: string | undefined;
  #answered: string | undefined;
  #requested: string | undefined;
  #note: string | undefined;
  #error: unknown;

  constructor(name: string, changed: () => void) {
    this.name = name;
    this.#changed = changed;
  }

  /** True once it was activated. */
  get isActive(): boolean {
    return this.#activated !== undefined;
  }

  get hasFailed(): boolean {
    return this.#error !== undefined;
  }

  requested(): void {
    this.#requested = now();
  }

  /** There was an answer, and nothing new. */
  unchanged(): void {
    this.#answered = now();
    this.#error = undefined;
    this.#changed();
  }

  downloaded(sizeBytes: number): void {
    this.#answered = this.#downloaded = now();
    this.#sizeBytes = sizeBytes;
  }

  /** @param note what is to be known of it, though nothing failed. */
  activated(kind: BundleKind, revision: string, note?: string): void {
    this.#activated = now();
    this.#kind = kind;
    this.#revision = revision;
    this.#note = note;
    this.#error = undefined;
    this.#changed();
  }

  failed(error: unknown): void {
    this.#error = error;
    this.#changed();
  }

  /** In OPA's shape. */
  get document(): Document {
    return members({
      name: this.name,
      active_revision: this.#revision || undefined,
      last_successful_activation: this.#activated ?? never,
      type: this.#kind,
      size: this.#sizeBytes || undefined,
      last_successful_download: this.#downloaded ?? never,
      last_successful_request: this.#answered ?? never,
      last_request: this.#requested ?? never,
      ...(this.#error === undefined ? { message: this.#note } : errorMembers(this.#error)),
    });
  }
}

function now(): string {
  return new Date().toISOString();
}

function errorMembers(error: unknown): Readonly<Record<string, Document | string | number | undefined>> {
  const isCompiling = error instanceof RegoDiagnostics;
  const message = error instanceof Error ? error.message : "unknown";
  const status = error instanceof CustodyError ? error.details?.["status"] : undefined;
  return {
    code: "bundle_error",
    message: isCompiling ? "error(s) occurred while compiling module(s)" : message,
    errors: isCompiling ? items(problemsOf(error).map(problemDocument)) : undefined,
    http_code: typeof status === "number" ? status : undefined,
  };
}
