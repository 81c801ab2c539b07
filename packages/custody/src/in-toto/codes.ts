/** Why a supply chain does not follow its layout. A check is its code: to turn one off is to name it. */
export const inTotoCodes = [
  "in-toto/layout-unsigned",
  "in-toto/layout-expired",
  "in-toto/link-missing",
  "in-toto/link-untrusted",
  "in-toto/links-differ",
  "in-toto/artifact",
  "in-toto/inspection",
  "in-toto/claim-missing",
  "in-toto/claims-differ",
  "in-toto/attribute",
  "in-toto/subject",
] as const;

export type InTotoCode = (typeof inTotoCodes)[number];
