package custody.gates.running_test

import data.custody.gates.running

good := {"verdict": "allowed", "reasons": []}

layout := {"code": "layout/step-missing", "subject": "scan", "message": "no attestation vouches for step scan"}

forged := {"code": "evidence/signature-invalid", "subject": "test", "message": "the signature is not right"}

unlisted := {"code": "source/signer-not-listed", "subject": "a94a8fe5", "message": "the key is not listed"}

superseded := {"code": "gate/policy-superseded", "subject": "sha256:03", "message": "not decided under this policy"}

refused(reason) := {"verdict": "refused", "reasons": [reason]}

unsure(reason) := {"verdict": "undecided", "reasons": [reason]}

started := {"process": {"pid": 4711, "startedOn": "2026-01-02T03:04:05Z"}}

facts(chain, admission) := {
	"at": "2026-01-02T03:04:05Z",
	"repository": "greeter",
	"workload": "greeter",
	"image": "sha256:03",
	"chain": object.union(chain, {"steps": []}),
	"admission": admission,
}

test_a_process_starts_when_chain_and_admission_hold if {
	running.allow with input as facts(good, good)
	running.deny == set() with input as facts(good, good)
}

test_a_process_does_not_start_without_its_chain_or_its_admission if {
	not running.allow with input as facts(refused(layout), good)
	running.deny == {layout} with input as facts(refused(layout), good)
	not running.allow with input as facts(good, refused(superseded))
	running.deny == {superseded} with input as facts(good, refused(superseded))
}

test_a_process_does_not_start_when_it_could_not_be_decided if {
	not running.allow with input as facts(unsure(forged), good)
	running.undecided == {forged} with input as facts(unsure(forged), good)
	running.undecided == {forged} with input as facts(good, unsure(forged))
}

test_a_process_goes_on_when_only_the_demands_have_changed if {
	every chain in [good, refused(layout), unsure(forged)] {
		running.allow with input as object.union(facts(chain, refused(superseded)), started)
	}
}

test_a_process_ends_when_its_evidence_no_longer_holds if {
	every reason in [forged, unlisted] {
		broken := object.union(facts(refused(reason), good), started)
		not running.allow with input as broken
		running.deny == {reason} with input as broken
	}
}
