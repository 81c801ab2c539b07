# METADATA
# title: Keep running
# description: >-
#   A process is started when its image's chain holds and the gate has admitted it under the policy in force. One that
#   runs already goes on when only the demands have changed since, and ends when what was vouched for no longer holds.
# schemas:
#   - input: schema.running
package custody.gates.running

default allow := false

allow if {
	starting
	input.chain.verdict == "allowed"
	input.admission.verdict == "allowed"
}

allow if {
	not starting
	count(deny) == 0
}

deny contains reason if {
	starting
	some check in [input.chain, input.admission]
	check.verdict == "refused"
	some reason in check.reasons
}

deny contains reason if {
	not starting
	input.chain.verdict == "refused"
	some reason in input.chain.reasons
	is_about_evidence(reason.code)
}

undecided contains reason if {
	starting
	some check in [input.chain, input.admission]
	check.verdict == "undecided"
	some reason in check.reasons
}

starting if not input.process

is_about_evidence(code) if startswith(code, "evidence/")

is_about_evidence(code) if startswith(code, "source/")
