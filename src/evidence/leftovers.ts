/** Names that desktops, editors, git and NFS leave in any folder. Nobody collects them, so no evidence is lost with them. */
const FILE =
  /^(?:\.DS_Store|\._.*|\.localized|Thumbs\.db|desktop\.ini|\.directory|\.git(?:keep|ignore|attributes)|\.keep|\..*\.sw[a-p]|\.#.*|\.nfs[0-9a-f]{16,})$/i
const FOLDER = /^(?:__MACOSX|\.git|\.svn)$/

/** Whether a file is such a leftover by its path. What its content is tells first: a snapshot is one under any name. */
export function isLeftover(path: string): boolean {
  const folders = path.split('/')
  const name = folders.pop()!
  return FILE.test(name) || folders.some((folder) => FOLDER.test(folder))
}
