package custody.gates.package_test

stemcell := {"name": "stemcell/base", "digest": "sha256:01"}

product := {"name": "compile/bin/greeter", "digest": "sha256:02"}

facts := {
	"at": "2026-01-02T03:04:05Z",
	"repository": "greeter",
	"commit": "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
	"image": {
		"digest": "sha256:03",
		"architecture": "amd64",
		"user": "1000:1000",
		"entrypoint": ["/bin/greeter"],
		"layers": [
			{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "sha256:01", "sizeBytes": 9},
			{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "sha256:04", "sizeBytes": 9},
		],
	},
	"stemcell": stemcell,
	"materials": [stemcell, product],
	"products": [product, {"name": "compile/unused", "digest": "sha256:05"}],
}

deny := data.custody.gates["package"].deny

allow := data.custody.gates["package"].allow

codes(input_facts) := {reason.code | some reason in denied} if denied := deny with input as input_facts

test_an_image_of_the_stemcell_and_the_deliverys_products_is_allowed if {
	allow with input as facts
	codes(facts) == set()
}

test_an_image_that_runs_as_root_is_refused if {
	every user in ["", "0", "0:0", "root", "root:1000"] {
		rooted := object.union(facts, {"image": {"user": user}})
		not allow with input as rooted
		codes(rooted) == {"package/root"}
	}
}

test_an_image_on_another_base_is_refused if {
	every layers in [[], [facts.image.layers[1]]] {
		codes(object.union(facts, {"image": {"layers": layers}})) == {"package/base-mismatch"}
	}
}

test_an_image_of_something_that_no_step_made_is_refused if {
	every material in [{"name": "compile/bin/greeter", "digest": "sha256:66"}, {"name": "x", "digest": "sha256:02"}] {
		codes(object.union(facts, {"materials": [stemcell, material]})) == {"package/material-foreign"}
	}
}
