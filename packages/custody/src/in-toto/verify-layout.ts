import { Examination, Refusal } from "custody/evidence";
import type { Crypto, Digest, Instant, PublicKey, Verdict } from "custody/ground";
import { allowed, CustodyError, digestOf, formatInstant, toHex } from "custody/ground";

import type { LinkArtifacts } from "./artifact-rules.ts";
import { findRuleFailure, isSameLink } from "./artifact-rules.ts";
import { findCertificateKey } from "./certificate-functionary.ts";
import { inTotoFault } from "./faults.ts";
import { findLayoutKey } from "./keys.ts";
import type { Inspection, Layout, Link, Step } from "./layout.ts";
import { parseLayout, parseLink, typeOf } from "./layout.ts";
import type { Metadata } from "./metadata.ts";
import { parseMetadata } from "./metadata.ts";
import { withParameters } from "./parameters.ts";
import type { Parameters } from "./parameters.ts";
import type { Inspector, LinkFile, LinkSource } from "./ports.ts";
import type { InTotoCode } from "./codes.ts";

export interface LayoutQuestion {
  /** The signed layout, as it came. */
  readonly layout: Uint8Array;
  /** Each of them must have signed the layout. */
  readonly keys: readonly PublicKey[];
  readonly links: LinkSource;
  /** When the layout's and certificates' ends are judged. */
  readonly at: Instant;
  /** Runs inspections; without it, a layout that has any cannot be decided. */
  readonly inspector?: Inspector;
  readonly parameters?: Parameters;
  /** Checks that are off, for a drill. */
  readonly without?: readonly InTotoCode[];
}

/** A supply chain that follows its layout. */
export interface VerifiedSupplyChain {
  /** What the first step took in and the last gave out. */
  readonly summary: LinkArtifacts;
  readonly steps: readonly VerifiedStep[];
  /** Commands that were others than the layout expects: no refusal, as in the specification. */
  readonly warnings: readonly string[];
}

export interface VerifiedStep {
  readonly name: string;
  /** Whose links count: the digests of their keys (SubjectPublicKeyInfo). */
  readonly functionaries: readonly Digest[];
}

const maxDepth = 8;

/**
 * Verifies a final product's supply chain (in-toto specification v1.0 §5.2): the layout's signatures and end, each step's
 * links by those who may, their agreement, the flow of artifacts, then the inspections.
 *
 * @returns `undecided` for metadata that cannot be read, and for inspections that nobody runs.
 */
export async function verifyLayout(
  crypto: Crypto,
  question: LayoutQuestion,
): Promise<Verdict<VerifiedSupplyChain>> {
  try {
    return allowed(await new Verification(crypto, question).run());
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reasons: [error.reason] };
    if (!(error instanceof CustodyError)) throw error;
    const { code, message, subject = "layout" } = error;
    return { kind: "undecided", reasons: [{ code, subject, message }] };
  }
}

interface Vouched {
  readonly functionary: Digest;
  readonly key: PublicKey;
  readonly shortKeyid: string;
  readonly metadata: Metadata;
  readonly bytes: Uint8Array;
}

class Verification {
  readonly #crypto: Crypto;
  readonly #question: LayoutQuestion;
  readonly #checks: Examination<InTotoCode>;
  readonly #depth: number;
  readonly #warnings: string[] = [];

  constructor(crypto: Crypto, question: LayoutQuestion, depth = 0) {
    this.#crypto = crypto;
    this.#question = question;
    this.#checks = new Examination<InTotoCode>(question.without);
    this.#depth = depth;
  }

  async run(): Promise<VerifiedSupplyChain> {
    const metadata = parseMetadata(this.#question.layout);
    await this.#demandSigned(metadata);
    const layout = parseLayout(withParameters(metadata.signed, this.#question.parameters ?? {}));
    const { at } = this.#question;
    const end = formatInstant(layout.expires);
    this.#checks.demand(
      at <= layout.expires,
      "in-toto/layout-expired",
      "layout",
      `the layout expired at ${end}`,
    );
    const links = new Map<string, LinkArtifacts>();
    const steps: VerifiedStep[] = [];
    for (const step of layout.steps) {
      const vouched = await this.#findVouched(step, layout);
      links.set(step.name, await this.#agree(step, vouched));
      steps.push({ name: step.name, functionaries: vouched.map(({ functionary }) => functionary) });
    }
    for (const step of layout.steps) this.#demandRules(step, links);
    await this.#inspect(layout.inspections, links);
    return { summary: summaryOf(layout, links), steps, warnings: this.#warnings };
  }

  async #demandSigned({ covered, signatures }: Metadata): Promise<void> {
    const { keys } = this.#question;
    const missing = keys.length === 0 ? "no key was given to verify the layout with" : undefined;
    this.#checks.demand(!missing, "in-toto/layout-unsigned", "layout", missing ?? "");
    for (const key of keys) {
      const isGood = await this.#isAnyBy(key, covered, signatures);
      const message = `the layout has no signature of the key ${shortName(key)}`;
      this.#checks.demand(isGood, "in-toto/layout-unsigned", "layout", message);
    }
  }

  async #isAnyBy(key: PublicKey, covered: Uint8Array, signatures: Metadata["signatures"]): Promise<boolean> {
    for (const { signature } of signatures) {
      if (await this.#crypto.verify(key, signature, covered)) return true;
    }
    return false;
  }

  /** One link of each functionary who may vouch for the step. Others are passed over: they are nobody's. */
  async #findVouched(step: Step, layout: Layout): Promise<readonly Vouched[]> {
    const files = await this.#question.links.findLinks(step.name);
    const found = new Map<string, Vouched>();
    for (const file of files) {
      const vouched = await this.#findVoice(file, step, layout);
      if (vouched && !found.has(vouched.functionary)) found.set(vouched.functionary, vouched);
    }
    const { threshold, name } = step;
    const code = files.length < threshold ? "in-toto/link-missing" : "in-toto/link-untrusted";
    const message = `step ${name} needs ${threshold} functionaries, and ${found.size} of those who may have vouched for it`;
    this.#checks.demand(found.size >= threshold, code, name, message);
    if (found.size === 0) throw new Refusal(code, name, message);
    return [...found.values()];
  }

  async #findVoice(file: LinkFile, step: Step, layout: Layout): Promise<Vouched | undefined> {
    const metadata = parseMetadata(file.content);
    for (const signature of metadata.signatures) {
      const key = await this.#findKey(signature, step, layout);
      const isGood = key && (await this.#crypto.verify(key, signature.signature, metadata.covered));
      if (!key || (!isGood && !this.#checks.without.has("in-toto/link-untrusted"))) continue;
      const { shortKeyid, content } = file;
      return { functionary: digestOf(this.#crypto, key.spki), key, shortKeyid, metadata, bytes: content };
    }
    return undefined;
  }

  /** The key that a signature's hint means, if the step lets it sign. */
  async #findKey(
    { keyid, certificate }: Metadata["signatures"][number],
    { keyids, certificateConstraints }: Step,
    layout: Layout,
  ): Promise<PublicKey | undefined> {
    const listed =
      keyids.includes(keyid) && Object.hasOwn(layout.keys, keyid) ? layout.keys[keyid] : undefined;
    if (listed) return findLayoutKey(listed);
    if (certificate === undefined || certificateConstraints.length === 0) return undefined;
    const { at } = this.#question;
    return findCertificateKey(this.#crypto, certificate, certificateConstraints, { layout, at });
  }

  /** The one thing that all of them say. */
  async #agree(step: Step, vouched: readonly Vouched[]): Promise<LinkArtifacts> {
    const links: LinkArtifacts[] = [];
    for (const one of vouched) links.push(await this.#read(step, one));
    const [first, ...others] = links as [LinkArtifacts, ...LinkArtifacts[]];
    const isAgreed = step.threshold === 1 || others.every((other) => isSameLink(first, other));
    const message = `the functionaries of step ${step.name} do not say the same`;
    this.#checks.demand(isAgreed, "in-toto/links-differ", step.name, message);
    return first;
  }

  async #read(step: Step, vouched: Vouched): Promise<LinkArtifacts> {
    const { signed } = vouched.metadata;
    if (typeOf(signed) === "layout") return this.#readSublayout(step, vouched);
    const link: Link = parseLink(signed);
    if (link.name !== step.name) {
      const message = `a link of step ${link.name} lies where one of ${step.name} is looked for`;
      this.#checks.demand(false, "in-toto/link-untrusted", step.name, message);
    }
    if (step.expectedCommand.length > 0 && link.command.join("\0") !== step.expectedCommand.join("\0"))
      this.#warnings.push(`step ${step.name} ran "${link.command.join(" ")}"`);
    return link;
  }

  async #readSublayout(step: Step, { key, shortKeyid, bytes }: Vouched): Promise<LinkArtifacts> {
    if (this.#depth >= maxDepth)
      throw inTotoFault("in-toto/metadata", `layouts are nested deeper than ${maxDepth}`, {
        subject: step.name,
      });
    const { parameters: _, ...question } = this.#question;
    const links = question.links.below(step.name, shortKeyid);
    const inner = new Verification(
      this.#crypto,
      { ...question, layout: bytes, keys: [key], links },
      this.#depth + 1,
    );
    const { summary, warnings } = await inner.run();
    this.#warnings.push(...warnings);
    return summary;
  }

  #demandRules(item: Step | Inspection, links: ReadonlyMap<string, LinkArtifacts>): void {
    const own = links.get(item.name) ?? { materials: {}, products: {} };
    const failure =
      findRuleFailure(item.expectedMaterials, "materials", own, links) ??
      findRuleFailure(item.expectedProducts, "products", own, links);
    this.#checks.demand(
      failure === undefined,
      "in-toto/artifact",
      item.name,
      `${item.name}: ${failure ?? ""}`,
    );
  }

  async #inspect(inspections: readonly Inspection[], links: Map<string, LinkArtifacts>): Promise<void> {
    const { inspector } = this.#question;
    for (const { name, run } of inspections) {
      if (!inspector) {
        throw inTotoFault("in-toto/no-inspector", `the layout's inspection ${name} is not run here`, {
          subject: name,
        });
      }
      const { exitCode, ...link } = await inspector.inspect(name, run);
      const message = `the inspection ${name} ended with ${exitCode}`;
      this.#checks.demand(exitCode === 0, "in-toto/inspection", name, message);
      links.set(name, link);
    }
    for (const inspection of inspections) this.#demandRules(inspection, links);
  }
}

function summaryOf({ steps }: Layout, links: ReadonlyMap<string, LinkArtifacts>): LinkArtifacts {
  const [first, last] = [steps[0], steps.at(-1)].map((step) => step && links.get(step.name));
  return { materials: first?.materials ?? {}, products: last?.products ?? {} };
}

function shortName({ spki }: PublicKey): string {
  return `…${toHex(spki).slice(-16)}`;
}
