/** README.txt inside the bundle: for whoever gets it without ever having heard of the tool. */
export function bundleReadme(version: string): string {
  return `This archive holds a memory investigation and the evidence behind it.

report.html            the report; open it in any browser, it needs no network
report.json            the same as data
report.md              the same as text for a ticket
evidence/              the evidence as it was read, after redaction, under its own paths
redaction-report.json  what was replaced, by file and rule, with the hashes before and after

The archive is a BagIt bag (RFC 8493). To check that it is complete and unchanged, unpack it and run in its top folder:

  sha256sum -c manifest-sha256.txt
  sha256sum -c tagmanifest-sha256.txt

or, which also repeats the analysis and compares:

  memdossier verify evidence.zip

Text such as [32:9f8e7d6c5b4a] or user-9f8e7d6c5b4a stands where data of the traced program was: its length in bytes
and a token. The same token means the same text; the text itself is not in this archive. Addresses, sizes, times,
names of system calls and errors are as they were.

Written by memdossier ${version}.
`
}
