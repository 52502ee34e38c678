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
}
