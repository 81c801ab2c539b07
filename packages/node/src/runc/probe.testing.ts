/**
 * A program that tries what a sandbox is there to prevent, and says how each attempt ended: a line of a name and an
 * errno's name, or "open" when nothing stopped it. Perl, because every Debian root has it; x86-64 call numbers.
 */
export const probeScript = String.raw`
use strict; use Errno; use Socket;
sub name { for my $e (keys %!) { return $e if $!{$e} } return "errno-" . ($! + 0) }
sub attempt { my ($what, $code) = @_; $! = 0; my $got = eval { $code->() }; print "$what ", ($got ? "open" : name()), "\n" }
sub call { my @args = @_; return syscall($args[0], @args[1 .. $#args]) != -1 }
my %calls = (
  "unshare-user" => [272, 0x10000000], "unshare-mount" => [272, 0x20000], "unshare-net" => [272, 0x40000000],
  "clone3" => [435, 0, 0], "setns" => [308, 0, 0], "umount" => [166, "/proc", 0],
  "mount-tmpfs" => [165, "none", "/tmp", "tmpfs", 0, 0], "fsopen" => [430, "tmpfs", 0], "open-tree" => [428, -100, "/", 1],
  "chroot" => [161, "/"], "pivot-root" => [155, "/", "/"], "ptrace" => [101, 16, 1, 0, 0],
  "process-vm-readv" => [310, 1, 0, 0, 0, 0, 0], "keyctl" => [250, 0, -3, 1], "add-key" => [248, "user", "x", "y", 1, -2],
  "bpf" => [321, 0, 0, 0], "perf" => [298, 0, 0, -1, -1, 0], "userfaultfd" => [323, 1], "io-uring" => [425, 0, 0],
  "open-by-handle" => [304, 0, 0, 0], "init-module" => [175, 0, 0, 0], "kexec" => [246, 0, 0, 0, 0],
  "reboot" => [169, 0, 0, 0, 0], "sethostname" => [170, "x", 1], "clock-settime" => [227, 0, 0],
  "swapon" => [167, "/x", 0], "syslog" => [103, 2, 0, 0], "personality" => [135, 0x0040000],
  "setuid-root" => [105, 0], "mknod-disk" => [133, "/tmp/disk", 0060600, 0x0800],
  "socket-packet" => [41, 17, 3, 0], "socket-vsock" => [41, 40, 1, 0], "socket-alg" => [41, 38, 5, 0],
  "socket-netlink" => [41, 16, 3, 0], "socket-raw" => [41, 2, 3, 1], "pidfd-getfd" => [438, 0, 0, 0],
);
for my $what (sort keys %calls) { my @args = @{$calls{$what}}; attempt($what, sub { call(@args) }) }
attempt("memfd", sub { my $x = "x"; call(319, $x, 0) });
attempt("clone-user", sub { my $pid = syscall(56, 0x10000011, 0, 0, 0, 0); exit 0 if $pid == 0; waitpid $pid, 0 if $pid > 0; $pid > 0 });
attempt("kill-host", sub { kill 0, $ENV{HOST_PID} });
attempt("write-root", sub { open my $f, ">", "/usr/bin/mine" });
attempt("write-source", sub { open my $f, ">", "/source/mine" });
attempt("list-root-home", sub { opendir my $d, "/root" });
for my $path (qw(/proc/sys/kernel/core_pattern /proc/1/exe)) { attempt("write $path", sub { open my $f, ">", $path }) }
for my $path (qw(/dev/sda /dev/vda /dev/kvm /dev/mem /dev/fuse /dev/loop0 /dev/vsock /sys/fs/cgroup /sys/kernel)) { attempt("see $path", sub { -e $path }) }
attempt("see host file", sub { -e $ENV{CANARY} or -e "/proc/1/root$ENV{CANARY}" or -e "/source/../../../..$ENV{CANARY}" or -e "/mnt$ENV{CANARY}" });
attempt("read key", sub { open my $f, "<", "/srv/signing-key" });
sub reach { my ($host, $port) = @_; socket(my $s, PF_INET, SOCK_STREAM, 0) or return 0; connect($s, sockaddr_in($port, inet_aton($host))) }
attempt("reach internet", sub { reach("192.0.2.1", 80) });
attempt("reach host loopback", sub { reach("127.0.0.1", $ENV{HOST_PORT}) });
attempt("exec from tmp", sub { open my $f, ">", "/tmp/x"; print $f "#!/bin/sh\n"; close $f; chmod 0755, "/tmp/x"; system({"/tmp/x"} "/tmp/x") == 0 });
print "fds ", join(",", grep { defined && !m{/fd$|^/memfd:x} } map { readlink "/proc/self/fd/$_" } 3 .. 1023), "\n";
print "environment ", join(",", sort keys %ENV), "\n";
print "keys ", -s "/proc/keys" || 0, "\n";
`;

/** What the probe must say in a step with every protection on, by what it tried. */
export const expectedOfStep: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    `add-key bpf chroot clock-settime clone-user fsopen init-module io-uring kexec keyctl mknod-disk mount-tmpfs
    open-by-handle open-tree perf personality pidfd-getfd pivot-root process-vm-readv ptrace reboot sethostname setns
    setuid-root socket-alg socket-netlink socket-packet socket-raw socket-vsock swapon syslog umount unshare-mount
    unshare-net unshare-user userfaultfd`
      .split(/\s+/)
      .map((name) => [name, "EPERM"]),
  ),
  clone3: "ENOSYS",
  "kill-host": "ESRCH",
  "write-root": "EROFS",
  "write-source": "EROFS",
  "list-root-home": "EACCES",
  "write /proc/sys/kernel/core_pattern": "EROFS",
  "write /proc/1/exe": "EROFS",
  "see /dev/sda": "ENOENT",
  "see /dev/vda": "ENOENT",
  "see /dev/kvm": "ENOENT",
  "see /dev/mem": "ENOENT",
  "see /dev/fuse": "ENOENT",
  "see /dev/loop0": "ENOENT",
  "see /dev/vsock": "ENOENT",
  "see /sys/fs/cgroup": "ENOENT",
  "see /sys/kernel": "ENOENT",
  "see host file": "ENOENT",
  "read key": "ENOENT",
  "reach internet": "ENETUNREACH",
  "reach host loopback": "ECONNREFUSED",
  "exec from tmp": "open",
  memfd: "open",
  fds: "",
  keys: "0",
};

/** Each protection, and attempts that come out otherwise without it: what shows that the probe can fail. */
export const openWithout = {
  seccomp: ["unshare-user", "personality", "socket-netlink"],
  network: ["reach host loopback"],
  "host-filesystem": ["see host file"],
  "signing-key": ["read key"],
  "read-only-root": ["write-root"],
  "read-only-source": ["write-source"],
} as const;

/** The probe's lines as a record. */
export function parseProbe(output: string): Readonly<Record<string, string>> {
  const lines = output.trimEnd().split("\n");
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]),
  );
}
