export * from "./artifact-rule.ts";
export * from "./attestation-type.ts";
export * from "./bundle.ts";
export * from "./certificate.ts";
export { fulcioIssuerOid } from "./certificate-extensions.ts";
export { findIssuingAuthorities } from "./certificate-path.ts";
export * from "./chain.ts";
export * from "./chain-explanation.ts";
export { verifyCommit } from "./commit-signature.ts";
export type { CommitEvidence, SignedCommit } from "./commit-signature.ts";
export { Examination, Refusal, refusalCodes } from "./examination.ts";
export type { RefusalCode } from "./examination.ts";
export { describeFunctionary, isFunctionary, isOutside } from "./functionary.ts";
export type { Functionary, OutsideFunctionary, SignerName } from "./functionary.ts";
export { Issuance } from "./issuance.ts";
export * from "./layout.ts";
export * from "./log-entry.ts";
export * from "./sighting.ts";
export * from "./explain-bundle.ts";
export * from "./explain-signatures.ts";
export { logKeyOf } from "./log-key.ts";
export { renderStatement } from "./render-statement.ts";
export * from "./repository-policy.ts";
export { appliesTo, parseRuleSet, ruleSetRevisionOf, scopeText } from "./rule-set.ts";
export type { RuleModule, RuleScope, RuleSet } from "./rule-set.ts";
export * from "./statement.ts";
export { verifyTimestamp } from "./timestamp.ts";
export type { TimestampTrust } from "./timestamp.ts";
export * from "./trusted-root.ts";
export * from "./types/index.ts";
export type { SourcePredicate } from "./types/source.ts";
export * from "./verify-bundle.ts";
export {
  findWithdrawalOf,
  findWithdrawals,
  findWithdrawnWords,
  mayWithdraw,
  planWithdrawal,
} from "./withdrawal.ts";
export type { SaidWords, Withdrawal, WithdrawalWish } from "./withdrawal.ts";
export * from "./witness-demand.ts";
