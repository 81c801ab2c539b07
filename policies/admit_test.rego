package custody.gates.admit_test

import data.custody.gates.admit

reason := {"code": "layout/step-missing", "subject": "test", "message": "no attestation vouches for step test"}

step := {
	"name": "source",
	"predicateType": "https://custody.dev/attestation/source/v1",
	"identity": "spiffe://custody.example/repository/greeter/source",
	"signedAt": "2026-01-02T03:04:05Z",
	"logIndex": 7,
	"materials": [],
	"products": [],
}

facts(chain) := {
	"at": "2026-01-02T03:04:05Z",
	"repository": "greeter",
	"image": "sha256:03",
	"policyRevision": "sha256:04",
	"trustRevision": "sha256:05",
	"chain": chain,
}

test_a_verified_chain_is_admitted if {
	verified := facts({"verdict": "allowed", "reasons": [], "steps": [step]})
	admit.allow with input as verified
	admit.deny == set() with input as verified
	admit.undecided == set() with input as verified
}

test_a_chain_that_was_refused_is_not_admitted_and_all_its_reasons_are_told if {
	other := object.union(reason, {"subject": "build"})
	refused := facts({"verdict": "refused", "reasons": [reason, other], "steps": []})
	not admit.allow with input as refused
	admit.deny == {reason, other} with input as refused
}

test_a_chain_that_could_not_be_decided_is_not_admitted if {
	unsure := facts({"verdict": "undecided", "reasons": [reason], "steps": []})
	not admit.allow with input as unsure
	admit.undecided == {reason} with input as unsure
}

test_a_chain_without_a_single_step_is_not_admitted if {
	not admit.allow with input as facts({"verdict": "allowed", "reasons": [], "steps": []})
}
