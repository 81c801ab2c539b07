/** What to do about a delivery that ended badly, by the beginning of its reason's code; the longest that fits. */
const steps: Readonly<Record<string, string>> = {
  "source/unsigned": "sign the commit (`git commit -S`), and deliver it again",
  "source/signer-not-listed":
    "have whoever keeps the policy list the key: `custody policy set --signer NAME=KEY.pub`",
  "source/key-": "list a key that is valid now: `custody policy set --signer NAME=KEY.pub`",
  "source/":
    "look at the commit with `git log --show-signature`, and deliver one that is signed by a listed key",
  "layout/expired": "set the policy anew, with a layout that holds longer: `custody policy set`",
  "layout/":
    "see in the chain which hand-off is missing or broken; `custody policy show` says what the layout demands",
  "evidence/withdrawn": "what was taken back counts no more: deliver again, and it is attested anew",
  "evidence/": "see in the chain which proof does not hold; deliver again to have it attested anew",
  "factory/": "mend custody.yaml in the commit, and deliver it again",
  "gate/rolled-back": "deliver a commit that is newer than what was admitted last",
  "gate/": "read the decision: it names the rule and the facts",
  "stemcell/": "see whether the Debian archive can be reached, and deliver again",
  "run/": "see in the output below why the workload is not well; mend it, and deliver again",
  "runtime/": "see in the output below what the step or the workload said last",
  "control/": "deliver again; if it stays so, see what the server wrote",
};

/** The next step after a reason. */
export function nextStepOf(code: string, repository: string): string {
  const [found] = Object.keys(steps)
    .filter((prefix) => code.startsWith(prefix))
    .toSorted((a, b) => b.length - a.length);
  return found === undefined
    ? `a rule of ${repository}'s policy decided this: \`custody policy rules\` shows who added it`
    : (steps[found] ?? "");
}
