/** Secrets in places where nobody looks for them, one line each: what is planted must be gone, and redacting again changes nothing. */
import { describe, expect, test } from 'vitest'
import type { EvidenceFormat } from '../../src/model/evidence.ts'
import { createRedactor } from '../../src/redaction/redactor.ts'

const S = 'Zq9Secret'
/** Format, line, and what of it must be gone when that is not S. */
type Planted = readonly [EvidenceFormat, string, string?]

/** What `standard` promises. */
const STANDARD: readonly Planted[] = [
  ['strace-log', `10:00:00.000001 writev(6<socket:[12]>, [{iov_base="a${S}", iov_len=20}], 1) = 20`],
  [
    'strace-log',
    `10:00:00.000001 sendmsg(6<TCP:[10.0.0.1:80->8.8.8.8:443]>, {msg_name={sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("8.8.4.4")}, msg_namelen=16, msg_iov=[{iov_base="${S}", iov_len=4}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5</home/${S}/x>]}], msg_flags=0}, 0) = 4`,
  ],
  [
    'strace-log',
    `10:00:00.000001 sendmmsg(6, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="${S}", iov_len=4}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=4}], 1, 0) = 1`,
  ],
  [
    'strace-log',
    `10:00:00.000001 process_vm_readv(77, [{iov_base="${S}", iov_len=4}], 1, [{iov_base=0x7f, iov_len=4}], 1, 0) = 4`,
  ],
  ['strace-log', `10:00:00.000001 setxattr("/tmp/a", "user.${S}", "${S}", 5, 0) = 0`],
  ['strace-log', `10:00:00.000001 prctl(PR_SET_DUMPABLE, "${S}") = 0`],
  ['strace-log', `10:00:00.000001 keyctl(KEYCTL_UPDATE, 5, "${S}", 9) = 0`],
  ['strace-log', `10:00:00.000001 add_key("user", "${S}", "${S}", 9, KEY_SPEC_PROCESS_KEYRING) = 1`],
  ['strace-log', `10:00:00.000001 mount("//srv/x", "/mnt", "cifs", 0, "username=x,password=${S}") = 0`],
  ['strace-log', `10:00:00.000001 mount("//srv/x", "/mnt", "cifs", 0, "${S}") = 0`],
  ['strace-log', `10:00:00.000001 fsconfig(3, FSCONFIG_SET_STRING, "pw", "${S}", 0) = 0`],
  ['strace-log', `10:00:00.000001 ioctl(3, SNDCTL_X, "${S}") = 0`],
  ['strace-log', `10:00:00.000001 ioctl(3, _IOC(_IOC_READ, 0x12, 0x1, 0x8), {x="${S}"}) = 0`],
  ['strace-log', `10:00:00.000001 bpf(BPF_PROG_LOAD, {prog_name="${S}", insns="${S}"}, 10) = 0`],
  ['strace-log', `10:00:00.000001 read(5, <unfinished ...>`],
  ['strace-log', `10:00:00.000001 <... read resumed>"${S}", 10) = 10`],
  ['strace-log', `10:00:00.000001 <... read resumed> "${S}"..., 10) = 10`],
  ['strace-log', `${S}", 10) = 10`],
  ['strace-log', `4111 1111 1111 1234", 4096) = 19 <0.000001>`, '1111'],
  ['strace-log', `abc def=${S}", 10) = 10`],
  ['strace-log', `zq9secret= more", 10) = 10`, 'zq9secret'],
  ['strace-log', `10:00:00.000001 read(5, "a", 10) = 10 ${S}`],
  ['strace-log', `10:00:00.000001 read(5, ${S}, 10) = 10`],
  [
    'strace-log',
    `10:00:00.000001 recvfrom(5, "${S}", 10, 0, {sa_family=AF_INET6, sin6_port=htons(4), inet_pton(AF_INET6, "2001:4860::8888", &sin6_addr), sin6_scope_id=0}, [28]) = 10`,
    '4860',
  ],
  [
    'strace-log',
    `10:00:00.000001 getpeername(5, {sa_family=AF_INET, sin_port=htons(4), sin_addr=inet_addr("93.184.216.34")}, [16]) = 0`,
    '93.184',
  ],
  [
    'strace-log',
    `10:00:00.000001 accept4(5<TCPv6:[[::]:443]>, {sa_family=AF_INET6, sin6_port=htons(4), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::ffff:93.184.216.34", &sin6_addr), sin6_scope_id=0}, [28], SOCK_CLOEXEC) = 7<TCPv6:[[::ffff:10.0.0.1]:443->[::ffff:93.184.216.34]:52100]>`,
    '93.184',
  ],
  [
    'strace-log',
    `10:00:00.000001 read(7<TCPv6:[[2001:4860:1::2]:443->[2001:4860:2::8]:52100]>, "", 4) = 0`,
    '4860',
  ],
  ['strace-log', `10:00:00.000001 read(7<UDP:[0.0.0.0:53->93.184.216.34:3]>, "", 4) = 0`, '93.184'],
  [
    'strace-log',
    `10:00:00.000001 connect(7, {sa_family=AF_INET, sin_port=htons(4), sin_addr=inet_addr("\\x39\\x33\\x2e\\x31\\x38\\x34\\x2e\\x32\\x31\\x36\\x2e\\x33\\x34")}, 16) = 0`,
    '\\x39\\x33\\x2e\\x31',
  ],
  [
    'strace-log',
    `10:00:00.000001 openat(AT_FDCWD, "\\x2f\\x68\\x6f\\x6d\\x65\\x2f\\x5a\\x71", O_RDONLY) = 3</home/Zq>`,
    '\\x5a\\x71',
  ],
  ['strace-log', `10:00:00.000001 openat(5</home>, "${S}/x", O_RDONLY) = 3</home/${S}/x>`],
  ['strace-log', `10:00:00.000001 openat(AT_FDCWD</home>, "${S}", O_RDONLY) = 3`],
  ['strace-log', `10:00:00.000001 openat(AT_FDCWD</home/${S}>, "x", O_RDONLY) = 3`],
  [
    'strace-log',
    `10:00:00.000001 getdents64(5</home>, [{d_ino=1, d_off=2, d_reclen=24, d_type=DT_DIR, d_name="${S}"}, {d_ino=1, d_off=2, d_reclen=24, d_type=DT_DIR, d_name="${S}"}], 4096) = 48`,
  ],
  ['strace-log', `10:00:00.000001 open("/home/John ${S}/x", O_RDONLY) = 3</home/John ${S}/x>`],
  ['strace-log', `10:00:00.000001 open("/home/ACME\\\\${S}/x", O_RDONLY) = 3</home/ACME\\\\${S}/x>`],
  ['strace-log', `10:00:00.000001 readlink("/home/x", "/home/${S}", 10) = 9`],
  ['strace-log', `10:00:00.000001 stat("/srv/PGPASSWORD=${S}", 0x7f) = 0`],
  ['strace-log', `10:00:00.000001 stat("/srv/dbPassword=${S}", 0x7f) = 0`],
  ['strace-log', `10:00:00.000001 stat("https://u:p@${S}@host/x", 0x7f) = 0`],
  ['strace-log', `10:00:00.000001 stat("/x?X-Amz-Signature=${S}&sig=${S}", 0x7f) = 0`],
  ['strace-log', `10:00:00.000001 stat("/x?AWS_SECRET_ACCESS_KEY=${S}", 0x7f) = 0`],
  ['strace-log', `10:00:00.000001 stat("/x/xoxb-${S}${S}", 0x7f) = 0`],
  ['strace-log', `10:00:00.000001 stat("/x/eyJhbGciOiJ9.eyJ${S}${S}.${S}", 0x7f) = 0`],
  ['strace-log', `10:00:00.000001 execve("/usr/bin/mysql", ["mysql", "-p${S}"], ["A=${S}"]) = 0`],
  [
    'strace-log',
    `10:00:00.000001 execve("/usr/bin/mysql", ["mysql", "-p${S}"...], 0x7ff /* 3 vars */ <unfinished ...>`,
  ],
  ['strace-log', `10:00:00.000001 ptrace(PTRACE_POKEDATA, 5, 0x7f, "${S}") = 0`],
  ['strace-log', `10:00:00.000001 sethostname("${S}", 5) = 0`],
  ['strace-log', `10:00:00.000001 msgsnd(5, {5, "${S}"}, 5, 0) = 0`],
  [
    'strace-log',
    `10:00:00.000001 io_submit(0x7, 1, [{aio_data=0x1, aio_lio_opcode=IOCB_CMD_PWRITE, aio_fildes=3, aio_buf="${S}", aio_nbytes=4}]) = 1`,
  ],
  ['strace-log', `10:00:00.000001 splice(3, NULL, 4, NULL, 1, 0) = 1 ${S}`],
  ['strace-log', `10:00:00.000001 write(1<pipe:[4]>, "a\\"b${S}", 10) = 10`],
  ['strace-log', `10:00:00.000001 write(1</dev/pts/0<char 136:0>>, "${S}", 10) = 10`],
  ['strace-log', `10:00:00.000001 write(1</srv/a"b>, "${S}", 10) = 10`],
  ['strace-log', `10:00:00.000001 open("/a", O_RDONLY) = 3</srv/a"b>`],
  ['strace-log', ` | 00000  5a 71 39 53 65 63 72 65  74                        Zq9Secret        |`],
  ['strace-log', ` | 00000  5a 71 39 53 65 63 72 65  74                        Zq9Secret        |`, '5a 71'],
  ['strace-log', `[pid  77]  | 00000  5a 71 39 53 65 63 72 65  74                        Zq9Secret        |`],
  [
    'strace-log',
    `77  | 00000  5a 71 39 53 65 63 72 65  74                        Zq9Secret        |`,
    '5a 71',
  ],
  ['strace-log', `> | 00000  5a 71 39 53 65 63 72 65  74                        Zq9Secret        |`, '5a 71'],
  ['strace-log', `> | 00000  31 32 33 34 35 36 37 38  39                        f(123456789      |`, '31 32'],
  ['strace-log', ` | 100000  31 32 33 34 35 36 37 38  39                        f(123456789      |`, '31 32'],
  [
    'strace-log',
    ` | 0000100000  31 32 33 34 35 36 37 38  39                        123456789        |`,
    '31 32',
  ],
  ['strace-log', ` * 3 bytes in buffer 0 ${S}`],
  // What the program printed, where strace prints too.
  ['strace-log', `write(1, "hello 4111 1111 1111 1111\\n", 26hello 4111 1111 1111 1111`, '1111'],
  ['strace-log', `write(1, "4111 1111 1111 1111", 194111 1111 1111 1111) = 19`, '1111 '],
  ['strace-log', `write(1, "hello 4111 1111", 26 4111 1111) = 26 <0.000010>`, '1111'],
  ['strace-log', `write(1, "a", 10) = 10 4711`, '4711'],
  ['strace-log', `read(5, card 4711, 4096) = 192`, '4711'],
  ['strace-log', 'phone 491701234567 PIN 4321', '4321'],
  ['strace-log', 'phone 491701234567 PIN 4321', '491701234567'],
  ['strace-log', '4111 1111 1111 1111', '1111'],
  ['strace-log', '4711', '4711'],
  ['strace-log', 'PIN 4711) = 9', '4711'],
  ['strace-log', `User Alice said ${S} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = 0x7f0000000000`],
  [
    'strace-log',
    'User Alice said 4711 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = 0x7f0000000000',
    'alice',
  ],
  [
    'strace-log',
    'User Alice said 4711 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = 0x7f0000000000',
    '4711',
  ],
  ['strace-log', `[pid  77] 10:00:00 ${S} read(3, "", 1) = 0`],
  ['strace-log', `app_1  | 77<x> ${S} read(3, "${S}", 1) = 0`],
  ['strace-log', `\x1b[32m10:00:00 read(3, "${S}", 1) = 0\x1b[0m`],
  ['strace-log', `"read(3, \\"${S}\\", 1) = 0",`],
  ['strace-log', `write(2, "+++ exited with ${S} +++", 5) = 5`],
  ['strace-log', `+++ exited with 0 +++${S}`],
  ['strace-log', `+++ exited with ${S} +++`],
  ['strace-log', `--- SIGSEGV {si_signo=SIGSEGV} --- ${S}`],
  ['strace-log', `strace: Process 12 ${S}`],
  ['strace-log', `10:00:00 ??? (${S}`],
  ['strace-log', `10:00:00 ${S}`],
  ['strace-log', `login(${S}) = 0`],
  ['strace-log', `10:00:00.000001 ioctl(3, ${S}) = 0`],
  ['strace-log', `10:00:00.000001 mmap(NULL, 4096, ${S}) = 0x7f0000000000`],
  ['strace-log', `10:00:00.000001 close(3) = -1 ENOENT (${S})`],
  ['strace-log', `10:00:00.000001 close(3) = -1 ENOENT (No such secretplace)`, 'secretplace'],
  ['strace-log', `10:00:00.000001 read(3, "", 1) = -1 EAGAIN (secretplace)`, 'secretplace'],
  ['strace-log', `10:00:00.000001 close(3, {x=secretplace}) = 0`, 'secretplace'],
  ['strace-log', `10:00:00.000001 --- SIGUSR1 {x="${S}"} ---`],
  ['strace-log', `10:00:00.000001 --- SIGUSR1 {si_signo=SIGUSR1, ${S}} ---`],
  ['strace-log', `10:00:00.000001 --- SIGUSR1 (${S}) @ 0 (0) ---`],
  ['strace-log', `% time ${S}`],
  ['strace-log', ` > /usr/lib/libx.so(_Z20AKIAABCDEFGHIJKLMNOPv+0x1) [0x12]`, 'AKIAABCDEFGHIJKLMNOP'],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /home/${S}/x (deleted)`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /home/John ${S}/x`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 [anon:password=${S}]`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /memfd:password=${S} (deleted)`],
  // What stands between the lines of the kernel: a session, other files of /proc, ps, keys, mail.
  ['smaps', `[root@db ~]# mysql -u root -p${S} orders`],
  ['smaps', `root@db:~# cat /proc/1085/smaps; echo ${S}`],
  ['smaps', `/usr/bin/mysql\0-p${S}\0`],
  ['smaps', `/usr/bin/mysql -u root -p${S}`],
  ['smaps', `1085 /usr/bin/mysql -u root -p${S}`],
  ['smaps', `1085 [mysql ${S}] x`],
  ['smaps', `DB=${S}\0HOME=/root\0`],
  ['smaps', `DB_PIN=4711`, '4711'],
  ['smaps', `root      1085  0.0  0.1 92536 2104 ? Ssl 19:42 0:01 /opt/x --key ${S}`],
  ['smaps', `00001085 1085 ${S} ${S}`],
  ['smaps', `1085:   ${S} --x`],
  ['smaps', 'MIIEpAIBAAKCAQEAZq9Secret7xH+4kkQ=='],
  ['smaps', 'Last login: Sun Nov 22 19:42:05 2026 from 203.0.113.99', '203.0.113'],
  ['smaps', 'PIN of the card 4711', '4711'],
  ['smaps', `cat: /srv/${S}: No such file or directory`],
  ['smaps', `mysql\0-p${S}\0==> /proc/1085/smaps <==`],
  ['smaps', `${S} Inode x Rss`],
  ['smaps', `VmFlags: rd wr ==> ${S}`],
  ['smaps', `"DB=${S}",`],
  ['smaps', '\u00d0\u00bf\u00d0\u00b0\u00d1\u0080\u00d0\u00be\u00d0\u00bb\u00d1\u008c', '\u00d0\u00bf'],
  ['smaps-rollup', `[root@db ~]# mysql -p${S}`],
  ['maps', `[root@db ~]# mysql -p${S}`],
  ['pmap', `[root@db ~]# mysql -p${S}`],
  ['pmap', `Inode ${S} Rss 4711`],
  ['pmap', `1085:   /usr/sbin/nscd --x ${S}`],
  ['pmap', `1085:   nscd ${S}`],
  ['side-evidence', `FOO=${S}\0B=1\0`],
  ['side-evidence', `root 9791 /opt/x ${S}`],
  ['side-evidence', `9791 /opt/x --foo ${S}`],
  ['side-evidence', `9791 x ${S}`],
  ['side-evidence', `9791 PW=${S} x`],
  ['side-evidence', `9791 PW=${S}`],
  ['side-evidence', `alice    9791  0.0  0.1 12345 1234 ?  Ssl  Nov22   0:01 a-pw=${S} x`],
  ['pmap', `9791:   PW=${S} x`],
  ['pmap', `> 9791:   /opt/x ${S}`],
  ['side-evidence', `9791 S    /opt/x --foo ${S}`],
  ['side-evidence', `9791 12345 Ssl /opt/x --foo ${S}`],
  ['side-evidence', `9791     05:12 /opt/x --foo ${S}`],
  ['side-evidence', `alice    9791  0.0  0.1 12345 1234 ?  Ssl  Nov22   0:01 /opt/x --foo ${S}`],
  ['side-evidence', `alice    9791  0.0  0.1 12345 1234 ?  Ssl  2026   0:01 x --foo ${S}`],
  ['side-evidence', `alice    9791  0.0  0.1 12345 1234 ?  Ssl  10:22 1-00:00:01 x --foo ${S}`],
  ['side-evidence', `  9791 ?        00:00:01 x --foo ${S}`],
  ['side-evidence', `           ├─9791 /usr/bin/foo ${S}`],
  ['side-evidence', `        buf = 0x7f "${S}"`],
  ['side-evidence', `    argv=0x7f, s=0x55 "${S}") at x.c:3`],
  ['side-evidence', `#1  0x00007f in f (s=0x7f "${S}"..., n=3) at x.c:3`],
  ['side-evidence', `#1  0x00007f in f (s=0x7f "aaa", 'x' <repeats 20 times>, "${S}", n=3) at x.c:3`],
  ['side-evidence', `#1  0x00007f in f (s=0x7f "${S}`],
  ['side-evidence', `        password = "${S}"`],
  ['side-evidence', `        p = {a = 1, b = "${S}", c = {'a', 'b'}}`],
  [
    'side-evidence',
    `Nov 22 19:42:05 host sudo: alice : TTY=pts/0 ; PWD=/home/${S} ; USER=root ; COMMAND=/usr/bin/foo --secret ${S}`,
  ],
  ['side-evidence', `Nov 22 19:42:05 host app[12]: user ${S} logged in from 93.184.216.34`],
  ['side-evidence', `Nov 22 19:42:05 host app[12]: user logged in from 93.184.216.34`, '93.184'],
  ['side-evidence', `[12345.678901] audit: type=1300 proctitle=${S}`],
  [
    'side-evidence',
    `java    9791 alice  5u  IPv4 12345      0t0  TCP 10.0.0.1:80->93.184.216.34:443 (ESTABLISHED)`,
    '93.184',
  ],
  ['side-evidence', `lrwx------ 1 root root 64 Nov 22 19:42 5 -> /home/${S}/x`],
  ['side-evidence', `lrwx------ 1 ${S} ${S} 64 Nov 22 19:42 5 -> /x`],
  ['side-evidence', `${S}  9791 1 9791 0 1 19:42 ? 00:00:01 /opt/x`],
  // Forms of tools, filled with words that are none of theirs.
  ['side-evidence', 'AcmeVault:   48213377', 'AcmeVault'],
  ['side-evidence', 'AcmeVault:\t48213377', 'AcmeVault'],
  ['side-evidence', 'Groups:\tjansen hunter', 'jansen'],
  ['side-evidence', 'State:\tS (jansen)', 'jansen'],
  ['side-evidence', `Full thread dump acme customer ${S} (secret 42):`],
  ['side-evidence', `Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 ${S} mode):`],
  ['side-evidence', '   java.lang.Thread.State: JANSEN', 'jansen'],
  ['side-evidence', `Max open files            1024                 ${S} files`],
  ['side-evidence', `Limit                     Soft Limit           ${S}`],
  ['side-evidence', `<heap nr="0" owner="${S}">`],
  ['side-evidence', 'top - 19:42:06 up 58 min, jansen', 'jansen'],
]

/** What `strict` promises beside. */
const STRICT: readonly Planted[] = [
  [
    'strace-log',
    '10:00:00.000001 read(3<\\x2f\\x73\\x72\\x76\\x2f\\x5a\\x71\\x39>, "", 1) = 0',
    '\\x5a\\x71\\x39',
  ],
  ['strace-log', `11914<(${S})> 10:00:00.000001 read(5, "", 1) = 0`],
  ['strace-log', `10:00:00.000001 kill(11914<(${S})>, SIGTERM) = 0`],
  ['strace-log', `10:00:00.000001 kill(11914<7${S}>, SIGTERM) = 0`],
  ['strace-log', `10:00:00.000001 tgkill(1<a>, 11914<${S}/0:1>, SIGTERM) = 0`],
  [
    'strace-log',
    `--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11914<${S}>, si_uid=0, si_status=0} ---`,
  ],
  ['strace-log', `10:00:00.000001 +++ superseded by execve in pid 123<${S}> +++`],
  ['strace-log', `strace: Process 123<${S}> attached`],
  ['strace-log', ` > /srv/My ${S}/lib.so(f+0x1) [0x12]`],
  ['strace-log', ` > /srv/lib.so(f+0x1) /srv/${S}/x.c:12 [0x12]`],
  ['strace-log', ` > /srv/lib.so(f+0x1) [0x12] /srv/${S}/x.c:12`],
  ['strace-log', `10:00:00.000001 open("/usr/lib/../../srv/${S}/x", O_RDONLY) = 3`],
  ['strace-log', `10:00:00.000001 open("/proc/self/root/srv/${S}/x", O_RDONLY) = 3`],
  ['strace-log', `10:00:00.000001 open("/proc/12/cwd/${S}/x", O_RDONLY) = 3`],
  ['strace-log', `10:00:00.000001 open("/sys/fs/cgroup/system.slice/${S}.service/memory.max", O_RDONLY) = 3`],
  ['strace-log', `10:00:00.000001 open("/proc/sys/../../srv/${S}", O_RDONLY) = 3</usr/../srv/${S}>`],
  [
    'strace-log',
    `10:00:00.000001 connect(7<UNIX-STREAM:[1->2,"/srv/${S}/s"]>, {sa_family=AF_UNIX, sun_path="/srv/${S}/s"}, 10) = 0`,
  ],
  [
    'strace-log',
    `10:00:00.000001 connect(7<UNIX:[1,"@${S}"]>, {sa_family=AF_UNIX, sun_path=@"${S}"}, 10) = 0`,
  ],
  ['strace-log', `10:00:00.000001 bind(3, {sa_family=AF_UNIX, sun_path="${S}.sock"}, 10) = 0`],
  [
    'strace-log',
    `10:00:00.000001 ioctl(3, SIOCGIFHWADDR, {ifr_name="eth0", ifr_hwaddr={sa_family=ARPHRD_ETHER, sa_data=08:00:27:8d:c0:4d}}) = 0`,
    '8d:c0',
  ],
  [
    'strace-log',
    `10:00:00.000001 uname({sysname="Linux", nodename="h", release="6", domainname="${S}"}) = 0`,
  ],
  [
    'strace-log',
    `10:00:00.000001 uname({sysname="Linux", nodename="6.${S}", release="6", domainname="x"}) = 0`,
  ],
  ['strace-log', `10:00:00.000001 inotify_add_watch(3<anon_inode:inotify>, "/srv/${S}", IN_ALL) = 0`],
  ['strace-log', `10:00:00.000001 memfd_create("${S}", MFD_CLOEXEC) = 3</memfd:${S} (deleted)>`],
  ['strace-log', `10:00:00.000001 shm_open("/${S}", O_RDWR) = 3</dev/shm/${S}>`],
  ['strace-log', `10:00:00.000001 mq_open("${S}", O_RDWR) = 3</${S}>`],
  ['strace-log', `10:00:00.000001 prctl(PR_SET_NAME, "stack of ${S}") = 0`],
  ['strace-log', `10:00:00.000001 prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7f, 4096, "stack of ${S}") = 0`],
  ['strace-log', `10:00:00.000001 open("${S}/a.${S.slice(0, 4)}", O_RDONLY) = 3`],
  ['strace-log', `10:00:00.000001 close(3<pid:12<${S}>>) = 0`],
  ['strace-log', `Nov 22 ${S} strace[12]: 10:00:00 read(3, "", 1) = 0`],
  ['strace-log', `${S}@h: read(3, "", 1) = 0`],
  ['strace-log', `May  1 10:00:00 host ${S}[1]: read(3, "", 1) = 0`],
  ['strace-log', `${S}_1  | read(3, "", 1) = 0`],
  ['strace-log', `[pod/${S}-1/main] read(3, "", 1) = 0`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 [anon:stack of ${S}]`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 [anon:JS${S}]`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 [anon:.${S}]`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 [anon:art${S}]`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 [anon:dalvik-/data/app/${S}/base.apk]`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 //srv/${S}`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /usr/../srv/${S}`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /srv/a\\012${S}`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /dev/shm/${S} (deleted)`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /srv/libc-${S}.so`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /srv/mono${S}.so`],
  ['smaps', `7f00-7f01 rw-p 00000000 00:00 0 /srv/libnss_${S.toLowerCase()}.so.2`, S.toLowerCase()],
  ['smaps', `${S}`],
  ['side-evidence', `Nov 22 19:42:05 ${S} kernel: foo`],
  ['side-evidence', `2026-11-22T19:42:05+0000 ${S} kernel: foo`],
  ['side-evidence', `[12345.678901] ${S} foo`],
  ['side-evidence', `Groups:\t${S}`],
  ['side-evidence', `0::/system.slice/${S}.service`],
  ['side-evidence', `12:memory:/docker/${S}`],
  [
    'side-evidence',
    `"${S}" #12 prio=5 os_prio=0 cpu=1ms elapsed=2s tid=0x00007f nid=0x1234 runnable [0x00007f]`,
  ],
  ['side-evidence', `Thread 2 (Thread 0x7f (LWP 12) "a"${S}"):`],
  ['side-evidence', `Thread 2 (LWP 12 "(${S})"):`],
  ['side-evidence', `#1 0x00007f in f () from /srv/My ${S}/lib.so`],
  ['side-evidence', `#1 0x00007f in f () at /srv/My ${S}/x.c:12`],
  ['side-evidence', `/proc/12/comm:${S}`],
  ['side-evidence', `/proc/12/status:Name:\t${S}`],
  ['side-evidence', `/sys/fs/cgroup/${S}.slice/memory.max:123`],
  ['side-evidence', `==> /sys/fs/cgroup/${S}.slice/memory.max <==`],
  ['side-evidence', `==> /proc/12/root/${S}/memory.max <==`],
  ['side-evidence', `9791 /opt/${S}/x`],
  ['side-evidence', `/usr/bin/${S}`.replace('/usr/bin', '/srv')],
  ['side-evidence', 'Tasks: 2 total, jansen', 'jansen'],
  ['side-evidence', `(${S})`],
  ['side-evidence', `a${S}b c`],
]

const rows = (planted: readonly Planted[], policy: 'standard' | 'strict') =>
  planted.map(([format, line, gone = S]) => ({ policy, format, line, gone }))

describe.each([...rows(STANDARD, 'standard'), ...rows([...STANDARD, ...STRICT], 'strict')])(
  '$policy: $line',
  ({ policy, format, line, gone }) => {
    test('is gone', () => {
      const bytes = Buffer.from(`${line}\n`, 'latin1')
      const parts = createRedactor(policy).lines(format, 'file')!.redact(bytes)
      const shown = Buffer.concat(Array.from(parts, (part) => Uint8Array.from(part)))
        .toString('latin1')
        .slice(0, -1)
      expect(shown.toLowerCase()).not.toContain(gone.toLowerCase())
      expect(createRedactor(policy).rawLine(shown, format)).toBe(shown)
    })
  },
)

describe('what the analysis reads survives strict', () => {
  const strict = createRedactor('strict')
  test.each([
    ['[anon:dalvik-main space (region space)]', /^\[anon:dalvik-main space \(region space\)\]$/],
    ['[anon:acme jit cache]', /^\[anon:w-[0-9a-f]{12} jit cache\]$/],
    ['/memfd:acmeJITcache (deleted)', /^\/memfd:jit-n-[0-9a-f]{12} \(deleted\)$/],
    ['/mnt/huge_acme/pool', /^\/mnt\/huge-n-[0-9a-f]{12}\/n-[0-9a-f]{12}$/],
    ['/dmabuf:acme', /^\/dmabuf:n-[0-9a-f]{12}$/],
    ['/drm mm object (deleted)', /^\/drm mm object \(deleted\)$/],
  ])('%s', (name, shown) => expect(strict.mappingName(name)).toMatch(shown))

  test.each([
    ['memory.max:2147483648', /^memory\.max:2147483648$/],
    ['web/memory.max:2147483648', /^n-[0-9a-f]{12}\/memory\.max:2147483648$/],
    ['[root@db ~]# cat /proc/1085/limits', /# \[3:[0-9a-f]{12}\] \/proc\/1085\/limits$/],
  ])('%s', (line, shown) => expect(strict.line(line, 'side-evidence')).toMatch(shown))
})

test.each([
  ['smaps', '/usr/lib/libc.so.6 (deleted)'],
  ['smaps', '131                    /usr/sbin/nscd'],
  ['smaps', '> "7f00-7f01 rw-p 00000000 00:00 0 [heap]\\n",'],
  ['smaps', '"Rss:                  12 kB",'],
  ['smaps', '7f6bed947000-7f6bf0000000 rw-p 000'],
  ['smaps', ' kB'],
  ['smaps', 'State:\tS (sleeping)'],
  ['pmap', 'Address   Kbytes     RSS    Anon  Locked Mode   Mapping'],
  ['pmap', '      Adresse Zugr  Versatz Ger\u00e4t   Inode      Size    Rss    Pss Swap Mapping'],
] as const)('a line of %s that the reader takes stays: %s', (format, line) => {
  expect(createRedactor('standard').line(line, format)).toBe(line)
  expect(createRedactor('strict').line(line, format)).toBe(line)
})

test.each([
  'Seccomp:\t0',
  'State:\tS (sleeping)',
  'Speculation_Store_Bypass:\tthread vulnerable',
  'SigQ:\t0/31217',
  'Cpus_allowed:\tffffffff,ffffffff',
  'VmRSS:\t    2104 kB',
  'Active(anon):     172304 kB',
  'HugePages_Total:       0',
  'Max processes             31217                31217                processes ',
  'Max nice priority         0                    0                    ',
  'top - 19:42:06 up 3 days, 58 min,  2 users,  load average: 3.32, 3.55, 2.46',
  'Threads:   2 total,   0 running,   2 sleeping,   0 stopped,   0 zombie',
  '%Cpu(s):  2.3 us,  1.0 sy,  0.0 ni, 96.5 id,  0.1 wa,  0.0 hi,  0.1 si,  0.0 st',
  'MiB Mem :   7941.5 total,   1234.5 free,   2345.6 used,   4361.4 buff/cache',
  'MiB Swap:   2048.0 total,   2048.0 free,      0.0 used.   5234.5 avail Mem',
  '  <size from="33" to="48" total="96" count="2"/>',
  '<system type="current" size="12582912"/>',
  'Full thread dump OpenJDK 64-Bit Server VM (17.0.9+9-Ubuntu-122.04 mixed mode, sharing):',
  'Full thread dump Java HotSpot(TM) 64-Bit Server VM (25.392-b08 mixed mode):',
  '   java.lang.Thread.State: TIMED_WAITING (parking)',
])('a line of words that every system prints stays: %s', (line) =>
  expect(createRedactor('strict').line(line, 'side-evidence')).toBe(line),
)

test('a socket has the same name in the evidence and in the report', () => {
  const strict = createRedactor('strict')
  const path = '/srv/acme/s'
  expect(strict.peerOrPath(`UNIX-STREAM:[1->2,"${path}"]`)).toBe(`UNIX-STREAM:[1->2,"${strict.path(path)}"]`)
  expect(strict.peerOrPath(`bind ${path}`)).toBe(`bind ${strict.path(path)}`)
})

test('a secret in the name of a folder of the evidence ends with it', () => {
  expect(createRedactor('standard').evidencePath(`token=${S}/smaps_1085_202611221942`)).toMatch(
    /^token=key-[0-9a-f]{12}\/smaps_1085_202611221942$/,
  )
})
