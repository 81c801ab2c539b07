/**
 * The system calls that programs in a sandbox may make, grouped by what they are for; all others fail with EPERM.
 *
 * Left out on purpose, among others: mount and its successors, namespaces, ptrace and other processes' memory, keyrings,
 * BPF, perf, userfaultfd, io_uring, kernel modules, setting the clock, file handles, quota, swap, accounting. Names
 * that an architecture does not have are passed over by the runtime.
 */
const systemCalls = {
  files: `access chdir close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fallocate
    fchdir fcntl fdatasync flock fstat fstatfs fsync ftruncate getcwd getdents getdents64 ioctl link linkat lseek lstat
    mkdir mkdirat newfstatat open openat openat2 pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read
    readahead readlink readlinkat readv rename renameat renameat2 rmdir sendfile splice stat statfs statx symlink
    symlinkat sync sync_file_range syncfs tee truncate umask unlink unlinkat vmsplice write writev`,
  attributes: `chmod chown fchmod fchmodat fchmodat2 fchown fchownat fgetxattr flistxattr fremovexattr fsetxattr
    futimesat getxattr lchown lgetxattr listxattr llistxattr lremovexattr lsetxattr removexattr setxattr utime
    utimensat utimes`,
  watching: `inotify_add_watch inotify_init inotify_init1 inotify_rm_watch`,
  memory: `brk madvise map_shadow_stack membarrier mincore mlock mlock2 mlockall mmap mprotect mremap msync munlock
    munlockall munmap pkey_alloc pkey_free pkey_mprotect`,
  processes: `arch_prctl capget capset execve execveat exit exit_group fork getcpu getpgid getpgrp getpid getppid
    getpriority getrusage getsid gettid kill pidfd_open pidfd_send_signal prctl prlimit64 getrlimit setrlimit rseq
    get_robust_list set_robust_list set_tid_address setpgid setpriority setsid sysinfo tgkill times tkill uname vfork
    wait4 waitid`,
  identities: `getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid setfsuid setgid setgroups setregid
    setresgid setresuid setreuid setuid`,
  restraint: `landlock_add_rule landlock_create_ruleset landlock_restrict_self seccomp`,
  scheduling: `ioprio_get ioprio_set sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
    sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
    sched_setscheduler sched_yield`,
  signals: `pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
    rt_sigtimedwait rt_tgsigqueueinfo sigaltstack signalfd signalfd4`,
  time: `alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time timer_create
    timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime`,
  waiting: `epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old
    eventfd eventfd2 futex futex_requeue futex_wait futex_waitv futex_wake poll ppoll pselect6 select`,
  exchange: `mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd semctl
    semget semop semtimedop shmat shmctl shmdt shmget`,
  sockets: `accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg
    sendmsg sendto setsockopt shutdown socketpair`,
  randomness: `getrandom`,
} as const;

/** The names of every group, sorted. */
export function systemCallNames(): string[] {
  return Object.values(systemCalls)
    .flatMap((names) => names.split(/\s+/))
    .sort();
}
