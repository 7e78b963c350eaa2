import { redactAddresses, redactHosts, redactMacs } from './hosts.ts'
import type { Keeper } from './keeper.ts'
import { MAY_HOLD_SECRET, SECRET_FORMS } from './secrets.ts'

/** Folders whose next part is a person's name; other names than those of home begin a path. */
const FOLDERS =
  '(?:/(?:home\\d{0,3}|homes|Users|users)|(?<![\\w./-])/(?:run/media|media|var/(?:spool/)?mail|var/spool/cron(?:/(?:\\.?/){0,16}(?:crontabs|tabs))?))'
/** `/home//x`, `/home/./x`. */
const SLASHES = '/(?:\\.?/){0,16}'
const HOME_PART = new RegExp(`(${FOLDERS}${SLASHES}|/hsperfdata_)([^/]+)`, 'g')
const HOMES = new RegExp(`${FOLDERS}(?:/\\.?){0,16}$`)
const HOME = new RegExp(`(${FOLDERS}${SLASHES}|/hsperfdata_)([^/\\s"'<>:,;)\\]}]+)`, 'g')
/** Folders of people in that of cron. */
const CRON_TABLES = /^(?:crontabs|tabs)$/
const CRON = /\/var\/spool\/cron[./]*$/

/** Any text of the evidence: well-known secrets and home directories; under `strict` also hosts and addresses. */
export function redactText(text: string, keeper: Keeper): string {
  if (text === '') return text
  return keeper.cached('text', text, (original) => {
    let changed = original
    if (MAY_HOLD_SECRET.test(changed)) changed = redactSecrets(changed, keeper)
    if (changed.includes('/')) changed = redactHomes(changed, keeper)
    if (keeper.strict)
      changed = redactHosts(
        redactAddresses(redactMacs(changed, keeper), keeper, () => true),
        keeper,
      )
    return changed
  })
}

function redactSecrets(text: string, keeper: Keeper): string {
  let changed = text
  for (const { rule, as, form, whole: isWhole } of SECRET_FORMS)
    changed = changed.replace(form, (...match) => {
      const whole = match[0] as string
      const secret = (match.at(-1) as { secret?: string }).secret
      if (
        !secret ||
        (isWhole ? keeper.isToken(secret.trim()) : keeper.startsWithToken(secret)) ||
        /^0x[0-9a-f]+$/.test(secret)
      )
        return whole
      const at = whole.lastIndexOf(secret)
      return whole.slice(0, at) + keeper.secret(rule, as, secret) + whole.slice(at + secret.length)
    })
  return changed
}

/** A whole path: the user's name ends at the next slash, whatever it holds. */
export function redactHomePath(path: string, keeper: Keeper): string {
  return path.replace(HOME_PART, personBy(keeper))
}

/** What takes the place of a person's name behind a folder of people. */
const personBy =
  (keeper: Keeper) =>
  (_: string, folder: string, user: string): string =>
    isNobody(folder, user) || keeper.startsWithToken(user)
      ? folder + user
      : folder + keeper.name('user', user)

/** Whether the part of a path behind a folder of people is no person: the folder itself, or one of people again. */
const isNobody = (folder: string, user: string): boolean =>
  user === '.' || user === '..' || (CRON_TABLES.test(user) && CRON.test(folder))

/** Whether a path is a folder whose entries are people. */
export const isHomes = (path: string): boolean => HOMES.test(path)

function redactHomes(text: string, keeper: Keeper): string {
  return text.replace(HOME, personBy(keeper))
}
