/** Nothing in the evidence can be read, or not what was asked for; the message says why. */
export class NothingToRead extends Error {}
