# METADATA
# title: Who may do what with a release
# description: People have roles, and roles grant actions. Nothing is granted by default.
package authz

default allow := false

# METADATA
# title: The decision
# entrypoint: true
allow if {
	some role in data.people[input.user].roles
	input.action in data.roles[role].actions
	not frozen
}

# METADATA
# title: Why a request is denied
denials contains message if {
	not data.people[input.user]
	message := sprintf("nobody knows %s", [input.user])
}

denials contains message if {
	frozen
	message := sprintf("%s is frozen until %s", [input.release, data.freezes[input.release]])
}

frozen if data.freezes[input.release]
