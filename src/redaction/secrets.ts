import type { NameRule } from './keeper.ts'

/**
 * Secrets that are known by their form, wherever they stand. `group` is the part that is replaced; without it the
 * whole match is. Forms are those the issuers publish for secret scanning. None may look at a line again for each of its
 * words: what repeats where a match can begin is bounded, or begins at the beginning of a word.
 */
export interface SecretForm {
  readonly rule: string
  readonly as: NameRule
  readonly form: RegExp
  /** A token stands for all of the secret or for none of it: words behind one are a part. */
  readonly whole?: true
}

const word = String.raw`[A-Za-z0-9_\-]`

/** Issuer's prefix, then the secret itself. */
const PREFIXED = [
  'gh[pousr]_[A-Za-z0-9]{20,}',
  `github_pat_${word}{20,}`,
  `glpat-${word}{16,}`,
  `xox[abeprs]-${word}{10,}`,
  `xapp-${word}{10,}`,
  `glsa_${word}{10,}`,
  'AGE-SECRET-KEY-1[A-Z0-9]{20,}',
  '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}',
  `sk-${word}{20,}`,
  `AIza${word}{30,}`,
  String.raw`ya29\.${word}{20,}`,
  'npm_[A-Za-z0-9]{30,}',
  `pypi-${word}{30,}`,
  'hf_[A-Za-z0-9]{20,}',
  String.raw`hvs\.${word}{20,}`,
  'dop_v1_[a-f0-9]{32,}',
  String.raw`SG\.${word}{16,128}\.${word}{16,}`,
  'SK[a-f0-9]{32}',
  String.raw`eyJ${word}{8,2048}\.${word}{8,}(?:\.${word}*)?`,
  'AAAA[BCE][23][A-Za-z0-9+/]{40,}={0,2}',
].join('|')

/** Names after which a value is a secret: `password=…`, `"api_key": "…"`, `--token …`. */
const SECRET_NAMES =
  'pass(?:wd|word|phrase|code)?|pwd|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|client[_-]?secret|account[_-]?key|auth(?:orization)?|credentials?|session(?:[_-]?id)?|cookie|pin|otp|jwt'
/** Long enough to be a secret's name with anything before it: `PGPASSWORD`, `dbPassword`, `X-Amz-Signature`. */
const LONG_SECRET_NAMES =
  'password|passwd|passphrase|secret|token|api_?key|credentials?|signature|(?:db|user|pg|my|sql|ftp|smtp|mail|admin|root|login)pass'
/** What may stand behind such a name: `passwords`, `password1`, `tokenValue`, `password[0]`. */
const BEHIND_NAME = '(?:s|[_-]?(?:value|string|text))?[_-]?\\d{0,3}'
/** A name of a secret and the sign behind it; `%3D` in a URL. */
const NAMED = String.raw`(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*(?:(?<![A-Za-z])(?:${SECRET_NAMES}|sig)|${LONG_SECRET_NAMES})${BEHIND_NAME}(?![A-Za-z0-9]))[A-Za-z0-9_-]+(?:\[\w{0,32}\])?\\?["']?\s*(?:=>?|%3D|:(?!/))\s*`

export const SECRET_FORMS: readonly SecretForm[] = [
  // A header takes the rest of the text, and a string what stands in it.
  {
    rule: 'authorization',
    as: 'key',
    form: /(?<![A-Za-z0-9_])(?:authorization|cookie2?)\\?["']?:\s*\\?["']?(?<secret>[^\s"'][^"'\r\n]*)/gi,
    whole: true,
  },
  {
    rule: 'named-secret',
    as: 'key',
    form: new RegExp(String.raw`${NAMED}(?<quote>\\?["'])(?<secret>(?:(?!\k<quote>)[^\r\n]){1,4096})`, 'gi'),
    whole: true,
  },
  {
    rule: 'private-key',
    as: 'key',
    form: /-----BEGIN [A-Z ]*PRIVATE KEY-----(?<secret>(?:(?!-----END).)+)/g,
  },
  // Also in the middle of a symbol that C++ mangled.
  { rule: 'known-token', as: 'key', form: /(?<secret>(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16})/g },
  { rule: 'known-token', as: 'key', form: new RegExp(`(?<![A-Za-z0-9_])(?<secret>${PREFIXED})`, 'g') },
  {
    rule: 'authorization',
    as: 'key',
    form: /\b(?:bearer|basic|digest|negotiate)\s+(?<secret>[A-Za-z0-9._~+/=-]{6,})/gi,
  },
  {
    rule: 'command-secret',
    as: 'key',
    form: /\b(?:mysql|mysqldump|mysqladmin|mariadb)(?:\s+\S+){0,16}?\s+-p(?<secret>[^\s"']+)/gi,
  },
  { rule: 'command-secret', as: 'key', form: /\bsshpass\s+-p\s*(?<secret>[^\s"']+)/gi },
  {
    rule: 'command-secret',
    as: 'key',
    form: /\bcurl(?:\s+\S+){0,16}?\s+(?:-u\s*|--(?:proxy-)?user[\s=]+)(?<secret>[^\s"']+)/gi,
  },
  {
    rule: 'user',
    as: 'user',
    form: /(?<![A-Za-z0-9_-])(?:user(?:name)?|login)=(?!\d+\b)(?<secret>[^\s"'&;,<>(){}[\]|\\]+)/gi,
  },
  { rule: 'url-credentials', as: 'key', form: /\b[a-z][a-z0-9+.-]{0,31}:\/\/(?<secret>[^\s/"'<>]+)@/gi },
  {
    rule: 'named-secret',
    as: 'key',
    form: new RegExp(String.raw`${NAMED}\\?["']?(?<secret>[^\s"'&;,<>(){}\[\]|\\]+)`, 'gi'),
  },
  {
    rule: 'named-secret',
    as: 'key',
    form: new RegExp(
      String.raw`-(?:${SECRET_NAMES})\s+(?<secret>[^\s"'&;,<>(){}\[\]|\\-][^\s"'&;,<>(){}\[\]|\\]*)`,
      'gi',
    ),
  },
  {
    rule: 'mail-address',
    as: 'mail',
    form: /(?<secret>[A-Za-z0-9._%+-]{1,256}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,126}\.[A-Za-z]{2,24})\b/g,
  },
]

/** Nothing of SECRET_FORMS can match where this does not. */
export const MAY_HOLD_SECRET = new RegExp(
  String.raw`@|://|BEGIN|AKIA|ASIA|AROA|AIDA|ABIA|ACCA|gh[pousr]_|github_pat|glpat|glsa|xox|xapp|[srp]k[_-]|AIza|ya29|npm_|pypi|hf_|hvs|dop_v1|SG\.|SK[a-f0-9]|eyJ|AAAA|bearer|basic|digest|negotiate|mysql|mariadb|curl|user|login|sig=|signature|${SECRET_NAMES}`,
  'i',
)
