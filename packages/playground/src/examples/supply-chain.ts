import type { Example } from "./index.ts";

const policy = `package gate

# An image runs only when every required step vouches for it, and each by the one who may.
default allow := false

allow if {
	every step in data.required { vouched(step) }
	count(problems) == 0
}

vouched(step) if {
	some attestation in input.attestations
	attestation.step == step
	attestation.subject == input.image
	attestation.signer == data.signers[step]
}

problems contains sprintf("nobody vouches for %s", [step]) if {
	some step in data.required
	not vouched(step)
}

problems contains sprintf("%s is %s", [finding.id, finding.severity]) if {
	some finding in input.findings
	finding.severity in data.refused
	not excused(finding)
}

excused(finding) if {
	some waiver in data.waivers
	waiver.id == finding.id
	time.parse_rfc3339_ns(waiver.until) > time.parse_rfc3339_ns(input.now)
}
`;

const tests = `package gate_test

import data.gate

image := "sha256:8da93a78"

vouching := [attestation |
	some step, signer in data.signers
	attestation := {"step": step, "subject": image, "signer": signer}
]

request := {"image": image, "now": "2030-01-01T00:00:00Z", "attestations": vouching, "findings": []}

test_a_whole_chain_is_allowed if gate.allow with input as request

test_a_missing_step_is_named if {
	short := object.union(request, {"attestations": array.slice(vouching, 0, 2)})
	not gate.allow with input as short
	count(gate.problems) == 1 with input as short
}

test_a_waiver_excuses if {
	waived := object.union(request, {"findings": [{"id": "CVE-2030-0001", "severity": "critical"}]})
	gate.allow with input as waived
}

test_a_waiver_ends if {
	late := object.union(request, {
		"now": "2031-06-01T00:00:00Z",
		"findings": [{"id": "CVE-2030-0001", "severity": "critical"}],
	})
	gate.problems == {"CVE-2030-0001 is critical"} with input as late
}
`;

const input = `{
  "image": "sha256:8da93a78",
  "now": "2030-05-01T12:00:00Z",
  "attestations": [
    { "step": "source", "subject": "sha256:8da93a78", "signer": "spiffe://example.org/source" },
    { "step": "build", "subject": "sha256:8da93a78", "signer": "spiffe://example.org/laptop" },
    { "step": "test", "subject": "sha256:8da93a78", "signer": "spiffe://example.org/test" }
  ],
  "findings": [
    { "id": "CVE-2030-0001", "severity": "critical" },
    { "id": "CVE-2030-0002", "severity": "low" }
  ]
}
`;

const data = `{
  "required": ["source", "build", "test"],
  "signers": {
    "source": "spiffe://example.org/source",
    "build": "spiffe://example.org/build",
    "test": "spiffe://example.org/test"
  },
  "refused": ["critical", "high"],
  "waivers": [{ "id": "CVE-2030-0001", "until": "2030-12-31T00:00:00Z" }]
}
`;

export const supplyChain: Example = {
  name: "supply-chain",
  title: "Supply chain: what may run",
  workspace: { policy, tests, input, data, query: "data.gate" },
};
