package io.millrace.ring;

/**
 * What a waiting thread writes on each step, alone on its cache lines: a signal reads the fields of the strategy beside
 * it, and would otherwise miss on each of these writes. All fields are longs, so that the JVM finds no gap before the
 * padding into which it could move one.
 *
 * <p><b>Threading</b>: the thread that waits.
 */
final class IdleState extends IdleFields {
    long p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35;
}

class IdlePadding {
    long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15;
}

class IdleFields extends IdlePadding {
    /** What the strategy does in this gap, 0 while there is work. */
    long phase;
    /** Steps taken in this phase. */
    long stepCount;
    /** When this gap began, on the clock of the strategy. */
    long sinceNs;
    /** When this gap was last seen to go on, on the same clock. */
    long seenNs;
    /** Moving average over the gaps so far. */
    long expectedGapNs;
}
