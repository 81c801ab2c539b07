package authz_test

import data.authz

test_roles_grant_actions[name] if {
	some name, request in {
		"a reader reads": {"user": "ada", "action": "read", "release": "1.0"},
		"a maintainer publishes": {"user": "grace", "action": "publish", "release": "1.0"},
	}
	authz.allow with input as request
}

test_others_are_denied if {
	not authz.allow with input as {"user": "ada", "action": "publish", "release": "1.0"}
	authz.denials == {"nobody knows mallory"} with input as {
		"user": "mallory",
		"action": "read",
		"release": "1.0",
	}
}

test_what_is_frozen_stays if {
	request := {"user": "grace", "action": "publish", "release": "2.0"}
	not authz.allow with input as request
	authz.denials == {"2.0 is frozen until Monday"} with input as request
}

todo_test_roles_expire if false
