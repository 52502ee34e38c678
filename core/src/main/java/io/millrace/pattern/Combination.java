package io.millrace.pattern;

/** What a stage is made of. */
public enum Combination {
    /** One condition. */
    SINGLE,
    /** Stages one behind the other. */
    GROUP,
    /** Alternatives: the first that an event satisfies takes it. */
    ANY_OF,
    /** All of several conditions, in any order; an event may satisfy more than one. */
    ALL_OF
}
