# METADATA
# title: Package
# description: >-
#   An image is its stemcell and products of the delivery's own steps, and nothing in it runs as root.
# schemas:
#   - input: schema.package
package custody.gates["package"]

default allow := false

allow if count(deny) == 0

deny contains {"code": "package/root", "subject": input.image.digest, "message": message} if {
	split(input.image.user, ":")[0] in {"", "0", "root"}
	message := "the image would run as root"
}

deny contains {"code": "package/base-mismatch", "subject": input.image.digest, "message": message} if {
	not based_on_stemcell
	message := sprintf("the lowest layer is not %s", [input.stemcell.name])
}

deny contains {"code": "package/material-foreign", "subject": material.name, "message": message} if {
	some material in input.materials
	not material == input.stemcell
	not material in input.products
	message := sprintf("%s is no product of this delivery", [material.name])
}

based_on_stemcell if input.image.layers[0].digest == input.stemcell.digest
