/** The folder in which a path lies, with its slash; empty where it names none. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/** What stands behind the last slash. */
export const leafOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
