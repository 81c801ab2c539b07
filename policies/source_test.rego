package custody.gates.source_test

import data.custody.gates.source

commit_id := "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"

facts := {
	"at": "2026-01-02T03:04:05Z",
	"repository": "greeter",
	"ref": "refs/heads/main",
	"commit": {
		"id": commit_id,
		"tree": "f572d396fae9206628714fb2ce00f72e94f2258f",
		"parents": [],
		"author": "Ada <ada@example.org> 1767322800 +0000",
		"committer": "Ada <ada@example.org> 1767322800 +0000",
		"subject": "Say hello",
	},
	"signer": {"name": "ada", "fingerprint": "SHA256:abc"},
	"firstSeen": "2026-01-02T03:04:05Z",
	"verification": {"verdict": "allowed", "reasons": []},
	"pipeline": {"name": "greeter", "steps": [], "stemcells": []},
}

reason := {"code": "source/unsigned", "subject": commit_id, "message": "the commit is not signed"}

test_a_verified_commit_of_this_repository_is_allowed if {
	source.allow with input as facts
	source.deny == set() with input as facts
	source.undecided == set() with input as facts
}

test_a_refusal_of_the_verifier_stands if {
	refused := object.union(facts, {"verification": {"verdict": "refused", "reasons": [reason]}})
	not source.allow with input as refused
	source.deny == {reason} with input as refused
}

test_what_could_not_be_decided_is_not_allowed if {
	unsure := object.union(facts, {"verification": {"verdict": "undecided", "reasons": [reason]}})
	not source.allow with input as unsure
	source.undecided == {reason} with input as unsure
}

test_a_pipeline_of_another_repository_is_refused if {
	stray := object.union(facts, {"pipeline": {"name": "wordcount"}})
	not source.allow with input as stray
	{reason.code | some reason in source.deny} == {"source/wrong-repository"} with input as stray
}

test_a_commit_whose_pipeline_is_not_known_is_not_allowed if {
	not source.allow with input as object.remove(facts, ["pipeline"])
}

test_nothing_is_allowed_on_no_facts if {
	not source.allow with input as {}
}
