import { finding } from "./finding.ts";
import type { Finding, Path } from "./finding.ts";

/** What was found in a value, and how close the value came: of several attempts the closest is told. */
export class Report {
  readonly findings: Finding[] = [];
  #score = 0;

  get isClean(): boolean {
    return this.findings.length === 0;
  }

  add(type: string, path: Path, description: string): void {
    this.findings.push(finding(type, path, description));
    this.#score -= 2;
  }

  /** One check was made. */
  rise(): void {
    this.#score++;
  }

  merge(other: Report): void {
    this.findings.push(...other.findings);
    this.#score += other.#score;
  }

  /** The one that came closest; of equals the first. */
  static closest(reports: readonly Report[]): Report | undefined {
    return reports.reduce<Report | undefined>(
      (best, report) => (!best || report.#score > best.#score ? report : best),
      undefined,
    );
  }
}
