import type { Example } from "./index.ts";

const policy = `package kubernetes.admission

containers := input.request.object.spec.containers

deny contains sprintf("%s: %s is from no trusted registry", [one.name, one.image]) if {
	some one in containers
	not trusted(one.image)
}

deny contains sprintf("%s: name the image by its digest", [one.name]) if {
	some one in containers
	not contains(one.image, "@sha256:")
}

deny contains sprintf("%s: may not run as root", [one.name]) if {
	some one in containers
	not one.securityContext.runAsNonRoot
}

trusted(image) if {
	some registry in data.registries
	startswith(image, registry)
}
`;

const tests = `package kubernetes.admission_test

import data.kubernetes.admission

pod(image, context) := {"request": {"object": {"spec": {"containers": [{
	"name": "web",
	"image": image,
	"securityContext": context,
}]}}}}

good := "registry.example.org/web@sha256:0a1b"

test_a_good_pod_is_admitted if {
	count(admission.deny) == 0 with input as pod(good, {"runAsNonRoot": true})
}

test_root_is_denied if {
	admission.deny == {"web: may not run as root"} with input as pod(good, {})
}

test_a_tag_is_denied if {
	some message in admission.deny with input as pod("registry.example.org/web:1", {})
	contains(message, "digest")
}

test_other_registries_are_denied if {
	admission.deny == {"web: example.net/web@sha256:0a1b is from no trusted registry"} with input as pod(
		"example.net/web@sha256:0a1b",
		{"runAsNonRoot": true},
	)
}
`;

const input = `{
  "request": {
    "kind": { "group": "", "version": "v1", "kind": "Pod" },
    "operation": "CREATE",
    "object": {
      "metadata": { "name": "shop" },
      "spec": {
        "containers": [
          {
            "name": "web",
            "image": "registry.example.org/web@sha256:0a1b",
            "securityContext": { "runAsNonRoot": true }
          },
          { "name": "sidecar", "image": "docker.io/helper:latest" }
        ]
      }
    }
  }
}
`;

const data = `{
  "registries": ["registry.example.org/"]
}
`;

export const admission: Example = {
  name: "admission",
  title: "Kubernetes: which pods are admitted",
  workspace: { policy, tests, input, data, query: "data.kubernetes.admission.deny" },
};
