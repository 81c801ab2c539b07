import type { Example } from "./index.ts";

const policy = `package authz

# Nothing is granted by default.
default allow := false

# People have roles, and roles grant actions.
allow if {
	some role in data.people[input.user].roles
	input.action in data.roles[role].actions
	not frozen
}

reasons contains "nobody knows this user" if not data.people[input.user]

reasons contains sprintf("%s is frozen", [input.release]) if frozen

frozen if input.release in data.freezes
`;

const tests = `package authz_test

import data.authz

test_a_maintainer_publishes if {
	authz.allow with input as {"user": "grace", "action": "publish", "release": "1.0"}
}

test_a_reader_does_not if {
	not authz.allow with input as {"user": "ada", "action": "publish", "release": "1.0"}
}

test_strangers_are_told_so if {
	authz.reasons == {"nobody knows this user"} with input as {"user": "mallory"}
}

test_what_is_frozen_stays if {
	authz.reasons == {"2.0 is frozen"} with input as {
		"user": "grace",
		"action": "publish",
		"release": "2.0",
	}
}
`;

const input = `{
  "user": "ada",
  "action": "publish",
  "release": "1.0"
}
`;

const data = `{
  "people": {
    "ada": { "roles": ["reader"] },
    "grace": { "roles": ["reader", "maintainer"] }
  },
  "roles": {
    "reader": { "actions": ["read"] },
    "maintainer": { "actions": ["publish", "withdraw"] }
  },
  "freezes": ["2.0"]
}
`;

export const roles: Example = {
  name: "roles",
  title: "Roles: who may publish a release",
  workspace: { policy, tests, input, data, query: "data.authz.allow" },
};
