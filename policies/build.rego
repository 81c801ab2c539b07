# METADATA
# title: Build
# description: >-
#   What a step made counts when the step was isolated whole, asked nobody whom it had not named, took in nothing but
#   what its pipeline gives it, and left all that it promised.
# schemas:
#   - input: schema.build
package custody.gates.build

default allow := false

allow if count(deny) == 0

deny contains {"code": "build/isolation-weakened", "subject": input.step.name, "message": message} if {
	input.isolation.level != "L3"
	message := sprintf("the step ran without: %s", [concat(", ", input.isolation.without)])
}

deny contains {"code": "build/network-undeclared", "subject": request.host, "message": message} if {
	some request in input.network
	request.decision == "allowed"
	not request.host in input.step.networkHosts
	message := sprintf("step %s reached %s, which it does not list", [input.step.name, request.host])
}

deny contains {"code": "build/material-foreign", "subject": material.name, "message": message} if {
	some material in input.materials
	not expected(material.name)
	message := sprintf("step %s took in %s, which its pipeline does not give it", [input.step.name, material.name])
}

deny contains {"code": "build/output-missing", "subject": output, "message": message} if {
	some output in input.step.outputs
	not produced(output)
	message := sprintf("step %s has left nothing at %s", [input.step.name, output])
}

expected("source")

expected(name) if name == sprintf("stemcell/%s", [input.step.stemcell])

expected(name) if name == sprintf("script/%s", [input.step.name])

expected(name) if startswith(name, "network/")

expected(name) if {
	some step in input.step.inputs
	startswith(name, sprintf("%s/", [step]))
}

produced(output) if {
	some product in input.products
	product.path == output
}

produced(output) if {
	some product in input.products
	startswith(product.path, sprintf("%s/", [output]))
}
