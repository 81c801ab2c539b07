# METADATA
# title: Source
# description: >-
#   A commit becomes source when a listed developer signed it, and what it says about its pipeline is about this very
#   repository.
# schemas:
#   - input: schema.source
package custody.gates.source

default allow := false

allow if {
	input.verification.verdict == "allowed"
	input.pipeline.name == input.repository
}

deny contains reason if {
	input.verification.verdict == "refused"
	some reason in input.verification.reasons
}

deny contains {"code": "source/wrong-repository", "subject": input.commit.id, "message": message} if {
	input.pipeline.name != input.repository
	message := sprintf("custody.yaml is for %s", [input.pipeline.name])
}

undecided contains reason if {
	input.verification.verdict == "undecided"
	some reason in input.verification.reasons
}
