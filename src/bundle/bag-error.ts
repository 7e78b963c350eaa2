/** What is wrong with a bag: the first thing found, where, and what was expected. */
export class BagError extends Error {}
