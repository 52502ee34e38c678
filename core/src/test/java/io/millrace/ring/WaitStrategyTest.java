package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WaitStrategyTest {
    private static final int CACHE_LINE_PAIR_LENGTH = 128;
    private static final Class<?> FIELDS = IdleState.class.getSuperclass();
    private static final Class<?> PADDING = FIELDS.getSuperclass();

    @Test
    void shouldKnowTheFive() {
        assertEquals(List.of("busy-spin", "yield", "adaptive", "park", "block"), WaitStrategy.names());
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldGiveEachThreadItsOwn(String name) {
        WaitStrategy wait = WaitStrategy.named(name);

        assertEquals(name, wait.name());
        assertEquals(name, wait.toString());
        assertNotSame(wait, WaitStrategy.named(name));
    }

    @ParameterizedTest
    @CsvSource({"busy-spin,true", "yield,true", "adaptive,false", "park,false", "block,false"})
    void shouldSayWhetherItKeepsACore(String name, boolean isBusySpinning) {
        assertEquals(isBusySpinning, WaitStrategy.named(name).isBusySpinning());
    }

    @ParameterizedTest
    @CsvSource({
        "adaptve,adaptive",
        "busyspin,busy-spin",
        "BUSY_SPIN,busy-spin",
        "blocking,block",
        "blok,block",
        "yielding,yield",
        "yeild,yield",
        "parks,park",
        "spin,busy-spin",
        "sleeping,''",
        "'',''"
    })
    void shouldNameTheNearestWhenUnknown(String name, String nearest) {
        Exception thrown = assertThrows(IllegalArgumentException.class, () -> WaitStrategy.named(name));

        assertEquals(
                "cannot choose wait strategy: waitStrategy=" + name
                        + " (expected: busy-spin, yield, adaptive, park, block); "
                        + (nearest.isEmpty() ? "take one of these" : "did you mean " + nearest + "?"),
                thrown.getMessage());
    }

    @Test
    void shouldKeepWhatTheWaiterWritesAwayFromWhatASignalReads() throws NoSuchFieldException {
        for (String name : List.of("phase", "stepCount", "sinceNs", "seenNs", "expectedGapNs")) {
            long offset = offset(FIELDS, name);

            assertTrue(offset >= offset(PADDING, "p00") + CACHE_LINE_PAIR_LENGTH, name);
            assertTrue(offset < offset(IdleState.class, "p20"), name);
        }
        assertTrue(offset(IdleState.class, "p35") - offset(FIELDS, "phase") >= CACHE_LINE_PAIR_LENGTH);
    }

    private static long offset(Class<?> type, String field) throws NoSuchFieldException {
        return UnsafeApi.objectFieldOffset(type.getDeclaredField(field));
    }

    private static List<String> names() {
        return WaitStrategy.names();
    }
}
