# METADATA
# title: Admit
# description: >-
#   An image is admitted when its whole chain was verified against the layout: nothing overrules a no of the verifier.
# schemas:
#   - input: schema.admit
package custody.gates.admit

default allow := false

allow if {
	input.chain.verdict == "allowed"
	count(input.chain.steps) > 0
}

deny contains reason if {
	input.chain.verdict == "refused"
	some reason in input.chain.reasons
}

undecided contains reason if {
	input.chain.verdict == "undecided"
	some reason in input.chain.reasons
}
