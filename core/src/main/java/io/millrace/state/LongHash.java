package io.millrace.state;

/**
 * Spreads the bits of keys and ids, so that any low or high part of the result can index a table.
 *
 * <p><b>Source</b>: the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014, variant 13 of Stafford). It is a bijection, fixed for ever: what depends on it is the
 * same in every run.
 */
public final class LongHash {
    /** 2^64 divided by the golden ratio, odd. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private LongHash() {}

    /** {@return the bits of {@code value}, spread; no two values give the same result} */
    public static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /**
     * {@return the bits of a 128-bit id, spread over 64; one round only, so that many look-ups are in flight at a
     * time}
     */
    public static long mix(long idHi, long idLo) {
        return mix(idHi * GOLDEN + idLo);
    }
}
