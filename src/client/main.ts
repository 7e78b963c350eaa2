/** The page's script. Everything it needs is in the page; without it nothing is missing. */
export {}
