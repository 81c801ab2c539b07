package custody.gates.build_test

import data.custody.gates.build

digest := "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

facts := {
	"at": "2026-01-02T03:04:05Z",
	"repository": "greeter",
	"commit": "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
	"step": {
		"name": "compile",
		"kind": "build",
		"stemcell": "base",
		"inputs": ["generate"],
		"outputs": ["bin/greeter", "share"],
		"networkHosts": ["deb.example.org:80"],
	},
	"startedOn": "2026-01-02T03:04:00Z",
	"finishedOn": "2026-01-02T03:04:04Z",
	"isolation": {"level": "L3", "without": [], "runtime": {"name": "runc", "version": "1.1.5"}, "kernel": "6.1"},
	"network": [{"host": "deb.example.org:80", "decision": "allowed", "reason": "network/allowed"}],
	"materials": [
		{"name": "source", "digest": digest},
		{"name": "stemcell/base", "digest": digest},
		{"name": "script/compile", "digest": digest},
		{"name": "network/deb.example.org", "digest": digest},
		{"name": "generate/table.c", "digest": digest},
	],
	"products": [
		{"name": "compile/bin/greeter", "path": "bin/greeter", "digest": digest, "sizeBytes": 7},
		{"name": "compile/share/words", "path": "share/words", "digest": digest, "sizeBytes": 7},
	],
}

codes(input_facts) := {reason.code | some reason in denied} if denied := build.deny with input as input_facts

with_step(changes) := object.union(facts, {"step": changes})

test_a_step_that_kept_to_its_pipeline_is_allowed if {
	build.allow with input as facts
	codes(facts) == set()
}

test_a_step_whose_isolation_was_weakened_is_refused if {
	weak := object.union(facts, {"isolation": {"level": "L0", "without": ["seccomp"]}})
	not build.allow with input as weak
	codes(weak) == {"build/isolation-weakened"}
}

test_a_step_that_reached_a_host_it_does_not_list_is_refused if {
	codes(with_step({"networkHosts": ["deb.example.org:443"]})) == {"build/network-undeclared"}
}

test_a_connection_that_was_refused_is_no_fault if {
	tried := {"network": [{"host": "evil.example:443", "decision": "refused", "reason": "network/not-listed"}]}
	codes(object.union(facts, tried)) == set()
}

test_a_material_from_elsewhere_is_refused if {
	every name in ["stemcell/other", "script/other", "other/table.c", "generated/table.c", "image"] {
		foreign := object.union(facts, {"materials": [{"name": name, "digest": digest}]})
		codes(foreign) == {"build/material-foreign"}
	}
}

test_an_output_that_was_promised_and_is_not_there_is_refused if {
	codes(with_step({"outputs": ["bin/greeter", "bin/other"]})) == {"build/output-missing"}
	codes(with_step({"outputs": ["shar"]})) == {"build/output-missing"}
}
