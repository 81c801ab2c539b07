package custody.gates.publish_test

import data.custody.gates.publish

image := "sha256:03"

facts := {
	"at": "2026-01-02T03:04:05Z",
	"repository": "greeter",
	"commit": "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
	"image": image,
	"tags": ["a94a8fe5ccb1", "latest"],
	"attestations": [{
		"step": "package",
		"predicateType": "https://slsa.dev/provenance/v1",
		"identity": "spiffe://custody.example/repository/greeter/package",
		"products": [{"name": "image", "digest": image}],
	}],
}

codes(input_facts) := {reason.code | some reason in denied} if denied := publish.deny with input as input_facts

test_an_image_whose_packaging_was_attested_is_allowed if {
	publish.allow with input as facts
	codes(facts) == set()
}

test_an_image_whose_packaging_nobody_attested_is_refused if {
	not publish.allow with input as object.union(facts, {"attestations": []})
	codes(object.union(facts, {"attestations": []})) == {"publish/unattested"}
	codes(object.union(facts, {"image": "sha256:04"})) == {"publish/unattested"}
}

test_an_image_that_only_another_step_vouches_for_is_refused if {
	other := [object.union(facts.attestations[0], {"step": "compile"})]
	codes(object.union(facts, {"attestations": other})) == {"publish/unattested"}
}

test_tags_that_do_not_name_the_commit_are_refused if {
	every tags in [[], ["latest"], ["a94a8fe5"], ["b94a8fe5ccb1"]] {
		codes(object.union(facts, {"tags": tags})) == {"publish/untraceable"}
	}
}
