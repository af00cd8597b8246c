/** A source of k6 that a machine simply does not have, such as Go: the usual case, not worth a line of its own. */
export class NothingThere extends Error {}
