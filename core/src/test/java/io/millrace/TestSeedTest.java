package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.LongSupplier;
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
