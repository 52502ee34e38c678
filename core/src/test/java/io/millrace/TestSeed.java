package io.millrace;

import java.util.Random;

/**
 * The seed of a test that draws: in a usual build one that is fixed by the test's name, so that the same commit gives
 * the same answer; in a campaign ({@code -Pslow}, {@code -Pfaults}) another one each time. {@code
 * -Dmillrace.test.seed=N} takes that one, {@code random} and {@code fixed} one of the two kinds.
 */
public final class TestSeed {
    private static final String PROPERTY = "millrace.test.seed";

    private TestSeed() {}

    /** {@return the seed of a test class, which is printed} */
    public static long of(Class<?> test) {
        return of(test.getSimpleName());
    }

    /** {@return the seed of a test, which is printed} */
    public static long of(String test) {
        String wanted = System.getProperty(PROPERTY, "fixed");
        long seed = switch (wanted) {
            case "fixed" -> test.hashCode();
            case "random" -> new Random().nextInt(Integer.MAX_VALUE);
            default -> Long.parseLong(wanted);
        };
        System.out.println(test + " -D" + PROPERTY + '=' + seed);
        return seed;
    }

    /**
     * {@return draws for one of several seeds that follow each other} Of a {@link Random} with each of these the first
     * draws are much alike: a hundred cases would have one setting in common.
     */
    public static Random random(long seed) {
        long mixed = (seed ^ seed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return new Random(mixed ^ mixed >>> 31);
    }
}
