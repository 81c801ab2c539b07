import type { DeskReport, DeskRequest, Evaluated, PolicyCoverage, Tested } from "./desk/index.ts";
import { examples } from "./examples/index.ts";
import { packFragment, unpackFragment } from "./share/fragment.ts";
import {
  byId,
  element,
  endedView,
  openTabs,
  problemList,
  resultView,
  testsView,
  traceView,
} from "./view/index.ts";
import { Workbench } from "./workbench.ts";
import { deadlineMilliseconds } from "./worker/foreman.ts";
import type { Foreman } from "./worker/foreman.ts";

const debounceMilliseconds = 250;

/** The page: what a person does on it, and what it shows then. */
export class Playground {
  readonly #foreman: Foreman;
  readonly #bench: Workbench;
  readonly #showOutput = openTabs("output-tabs");
  readonly #coverageSwitch = byId("show-coverage", HTMLInputElement);
  readonly #result = byId("result", HTMLElement);
  readonly #status = byId("status", HTMLElement);
  readonly #goTo = (place: Parameters<Workbench["goTo"]>[0]): void => this.#bench.goTo(place);
  #coverage: PolicyCoverage | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(foreman: Foreman, nonce: string) {
    this.#foreman = foreman;
    this.#bench = new Workbench(nonce, (field) => this.#onChange(field));
    this.#listen();
  }

  /** Begins with what the address holds, and with the first example where it holds nothing or nothing good. */
  async open(): Promise<void> {
    this.#bench.workspace = examples[0].workspace;
    const refusal = await this.#takeFragment(location.hash.slice(1));
    await this.evaluate();
    if (refusal !== undefined) this.#say(refusal, "bad");
  }

  async evaluate(): Promise<void> {
    this.#result.ariaBusy = "true";
    const report = await this.#ask("evaluate", this.#result);
    if (report?.kind === "evaluated") this.#showEvaluated(report);
  }

  async test(): Promise<void> {
    this.#showOutput("tests-output-tab");
    const report = await this.#ask("test", byId("tested-output", HTMLElement));
    if (report?.kind === "tested") this.#showTested(report);
  }

  async format(): Promise<void> {
    const report = await this.#ask("format", this.#result);
    if (report?.kind !== "formatted") return;
    this.#bench.showProblems(report.problems, ["policy", "tests"]);
    if (report.texts) {
      this.#bench.workspace = report.texts;
      this.#say("Formatted.");
      return;
    }
    this.#showOutput("result-tab");
    this.#result.replaceChildren(problemList(report.problems, this.#goTo));
    this.#say("Not formatted: the text is no Rego.", "bad");
  }

  /** Puts the workspace into the address, and the address where it can be pasted from. */
  async share(): Promise<void> {
    try {
      history.replaceState(null, "", `#${await packFragment(this.#bench.workspace)}`);
    } catch (error) {
      this.#say(`No link: ${messageOf(error)}.`, "bad");
      return;
    }
    try {
      await navigator.clipboard.writeText(location.href);
      this.#say("The link is copied. It holds all texts; nothing was sent anywhere.");
    } catch {
      this.#say("The link is in the address bar: copy it from there.");
    }
  }

  #listen(): void {
    const select = byId("example", HTMLSelectElement);
    select.append(...examples.map(({ name, title }) => element("option", { value: name }, title)));
    select.addEventListener("change", () => this.#take(select.value));
    byId("ask", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.evaluate();
    });
    byId("run-tests", HTMLButtonElement).addEventListener("click", () => void this.test());
    byId("format", HTMLButtonElement).addEventListener("click", () => void this.format());
    byId("share", HTMLButtonElement).addEventListener("click", () => void this.share());
    this.#coverageSwitch.addEventListener("change", () => this.#showCoverage());
    addEventListener("hashchange", () => void this.open());
    addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
  }

  /** Before the editors see it: Ctrl+Enter is a blank line to them. */
  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void (event.shiftKey ? this.test() : this.evaluate());
  }

  /** Why the fragment was not taken. */
  async #takeFragment(fragment: string): Promise<string | undefined> {
    try {
      if (fragment !== "") this.#bench.workspace = await unpackFragment(fragment);
      return undefined;
    } catch (error) {
      return `This link was refused: ${messageOf(error)}.`;
    }
  }

  #take(name: string): void {
    const example = examples.find((one) => one.name === name);
    if (!example) return;
    if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
    this.#bench.workspace = example.workspace;
  }

  #onChange(field: string): void {
    if (field === "policy") this.#coverage = undefined;
    this.#result.ariaBusy = "true";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.evaluate(), debounceMilliseconds);
  }

  /** The report on the texts as they are now; undefined when there is none, which has been said then. */
  async #ask(kind: DeskRequest["kind"], output: HTMLElement): Promise<DeskReport | undefined> {
    clearTimeout(this.#timer);
    const workspace = this.#bench.workspace;
    const ending = await this.#foreman.ask({ kind, workspace });
    if (ending.kind === "report") {
      const isCurrent = JSON.stringify(workspace) === JSON.stringify(this.#bench.workspace);
      return isCurrent ? ending.report : undefined;
    }
    if (ending.kind === "superseded") return undefined;
    const seconds = deadlineMilliseconds[kind] / 1000;
    const message =
      ending.kind === "late"
        ? `Ended: it took longer than ${seconds} s.`
        : `The page failed: ${ending.message}`;
    output.replaceChildren(...endedView(message));
    this.#result.ariaBusy = "false";
    this.#say(message, "bad");
    return undefined;
  }

  #showEvaluated(report: Evaluated): void {
    const { outcome, trace, coverage } = report;
    const problems = outcome.kind === "error" ? outcome.problems : [];
    this.#bench.showProblems(problems, ["policy", "input", "data"]);
    this.#bench.policy.showTrace(trace);
    this.#result.replaceChildren(...resultView(report, this.#goTo));
    byId("trace", HTMLElement).replaceChildren(...traceView(trace, this.#goTo));
    this.#coverage = coverage;
    this.#showCoverage();
    this.#result.ariaBusy = "false";
    this.#say(`${report.query || "The query"}: ${outcome.kind}.`);
  }

  #showTested(report: Tested): void {
    this.#bench.showProblems(report.problems, ["policy", "tests"]);
    byId("tested-output", HTMLElement).replaceChildren(...testsView(report, this.#goTo));
    this.#coverage = report.coverage;
    this.#showCoverage();
    const failed = report.tests.filter(({ outcome }) => outcome === "fail" || outcome === "error").length;
    this.#say(`${report.tests.length} tests were run, ${failed} did not pass.`, failed > 0 ? "bad" : "plain");
  }

  #showCoverage(): void {
    const { checked } = this.#coverageSwitch;
    this.#bench.policy.showCoverage(checked ? this.#coverage : undefined);
    const { percent, by } = this.#coverage ?? {};
    const text = percent === undefined ? "" : `${percent.toFixed(1)} % by the ${by}`;
    byId("coverage-note", HTMLElement).textContent = text;
  }

  #say(text: string, tone: "plain" | "bad" = "plain"): void {
    this.#status.textContent = text;
    this.#status.className = tone;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
