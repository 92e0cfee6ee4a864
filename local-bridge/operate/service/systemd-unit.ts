// A unit of the user for systemd.

/** Open connections need descriptors: TUIs, images, databases. */
const OPEN_FILES = 65_536

/**
 * Restarts what fails, but not what was called wrongly. Hardened with what systemd can do without privileges; memory
 * must stay writable and executable, as V8 compiles. One arena for all threads: each would keep what it once needed.
 */
export function systemdUnit(command: readonly string[]): string {
  return `[Unit]
Description=STUI bridge: connects STUI with its session service
StartLimitIntervalSec=60
StartLimitBurst=10

[Service]
Type=exec
ExecStart=${command.map(quoted).join(' ')}
Restart=on-failure
RestartSec=2
RestartPreventExitStatus=2
TimeoutStopSec=10
LimitNOFILE=${OPEN_FILES}
Environment=MALLOC_ARENA_MAX=1
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK

[Install]
WantedBy=default.target
`
}

/** % and $ mean something to systemd, also between quotes. */
function quoted(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$')
  return /^[\w@%+=:,./-]+$/.test(word) ? escaped : `"${escaped}"`
}
