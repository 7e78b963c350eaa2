import { changeString } from './escapes.ts'
import { isPublic, redactAddresses } from './hosts.ts'
import type { Keeper } from './keeper.ts'
import { redactPath } from './paths.ts'
import { redactText } from './text.ts'

/** `TCP:[1.2.3.4:5->6.7.8.9:10]`, `1.2.3.4:80`, `pipe:[17]`, `socket`. */
export function redactPeer(text: string, keeper: Keeper): string {
  return redactText(
    redactAddresses(
      hosts(sockets(text, keeper), keeper),
      keeper,
      (address) => keeper.strict || isPublic(address),
    ),
    keeper,
  )
}

/** `TCP db1:40122->web1:https (ESTABLISHED)` of lsof: names without a dot. */
const hosts = (text: string, keeper: Keeper): string =>
  keeper.strict && /^(?:TCP|UDP|SCTP) /.test(text)
    ? text.replace(/(?<=[ >])(?!localhost:)[A-Za-z_][\w-]*(?=:[\w*-]+(?:->|\s|$))/g, (host) =>
        keeper.name('host', host),
      )
    : text

/** `UNIX-STREAM:[1->2,"/run/x.sock"]`, `bind @name`: sockets of the host have paths. */
const sockets = (text: string, keeper: Keeper): string =>
  text
    .replace(
      /"(@?)([^"]*)"/g,
      (_, at: string, printed: string) =>
        `"${at}${changeString(printed, (path) => redactPath(path, keeper))}"`,
    )
    .replace(
      /^(bind )(@|(?=\/))(.+)$/s,
      (_, word: string, at: string, path: string) => word + at + redactPath(path, keeper),
    )

/** What a descriptor stands for; `@` begins the name of an abstract socket, `memfd:` that of memory. */
export function redactPeerOrPath(text: string, keeper: Keeper): string {
  const [, kind, name] = /^(@|memfd:)(.*)$/s.exec(text) ?? []
  if (kind !== undefined) return kind + redactPath(name!, keeper)
  return text.startsWith('/') ? redactPath(text, keeper) : redactPeer(text, keeper)
}
