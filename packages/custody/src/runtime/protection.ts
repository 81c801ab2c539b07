/** Each thing that stands between what runs in a sandbox and the rest of the world, and what it holds back. */
export const protections = {
  network: "an own network with nothing but its loopback: no route to anywhere",
  "host-filesystem": "an own root: no path of the host is there",
  "signing-key": "keys stay outside",
  "read-only-root": "the root cannot be written to",
  "read-only-source": "source and inputs cannot be written to",
  "user-namespace": "no user of the sandbox is a user of the host",
  capabilities: "not one capability, not even to lose",
  "no-new-privileges": "set-id programs give nothing",
  seccomp: "system calls beyond our list fail",
  "memory-limit": "memory is bounded, swap counted",
  "pids-limit": "processes are bounded",
  "cpu-limit": "processor time is bounded",
  "material-check": "source and inputs are hashed again right before they are used",
} as const;

/** A protection by name; a drill turns exactly one off, to show that an attack passes without it. */
export type Protection = keyof typeof protections;

export const protectionNames: readonly Protection[] = Object.keys(protections) as Protection[];
