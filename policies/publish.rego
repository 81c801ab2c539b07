# METADATA
# title: Publish
# description: >-
#   An image is pushed when the packaging of this very digest was attested, and under tags that say which commit it is of.
# schemas:
#   - input: schema.publish
package custody.gates.publish

default allow := false

allow if count(deny) == 0

deny contains {"code": "publish/unattested", "subject": input.image, "message": message} if {
	not packaged
	message := "no attestation of this delivery says that the image was packaged"
}

deny contains {"code": "publish/untraceable", "subject": input.image, "message": message} if {
	not tagged
	message := sprintf("none of the tags %s names the commit", [concat(", ", input.tags)])
}

packaged if {
	some attestation in input.attestations
	attestation.step == "package"
	some product in attestation.products
	product.digest == input.image
}

tagged if {
	some tag in input.tags
	count(tag) >= 12
	startswith(input.commit, tag)
}
