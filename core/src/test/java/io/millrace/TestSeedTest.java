package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TestSeedTest {
    private static final String PROPERTY = "millrace.test.seed";

    @Test
    void shouldBeFixedByTheNameOfTheTest() {
        assertEquals("A".hashCode(), with("fixed", () -> TestSeed.of("A")));
        assertEquals(with("fixed", () -> TestSeed.of("TestSeedTest")), with("fixed", () -> TestSeed.of(getClass())));
        assertNotEquals(with("fixed", () -> TestSeed.of("A")), with("fixed", () -> TestSeed.of("B")));
    }

    @Test
    void shouldBeTheOneThatIsAskedFor() {
        assertEquals(-7, with("-7", () -> TestSeed.of("A")));
        assertThrows(NumberFormatException.class, () -> with("seven", () -> TestSeed.of("A")));
    }

    @Test
    void shouldDifferFromTimeToTimeWhenRandom() {
        long first = with("random", () -> TestSeed.of("A"));
        long next = first;
        for (int i = 0; i < 10 && next == first; i++) {
            next = with("random", () -> TestSeed.of("A"));
        }

        assertNotEquals(first, next);
    }

    @Test
    void shouldDrawDifferentlyForSeedsThatFollowEachOther() {
        long first = 495_222_946;

        assertEquals(1, drawn(seed -> new Random(seed), first), "what it is for");
        assertEquals(4, drawn(TestSeed::random, first));
    }

    private static long drawn(LongFunction<Random> random, long first) {
        return LongStream.range(first, first + 100)
                .map(seed -> random.apply(seed).nextInt(4))
                .distinct()
                .count();
    }

    private static long with(String wanted, LongSupplier seed) {
        String before = System.getProperty(PROPERTY, "fixed");
        System.setProperty(PROPERTY, wanted);
        try {
            return seed.getAsLong();
        } finally {
            System.setProperty(PROPERTY, before);
        }
    }
}
