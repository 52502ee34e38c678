package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.ops.command.CommandException;
import io.millrace.ops.config.ConfigReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static final long MIB = 1L << 20;

    private final Memory memory = new Memory(Map.of("ring", 5 * MIB), Map.of("dedup", 1_000 * MIB));

    @Test
    void shouldRefuseAStateThatDoesNotFitTheHeap() {
        CommandException e = assertThrows(CommandException.class, () -> memory.check(1_127 * MIB));

        assertEquals(78, e.exitCode());
        assertEquals(
                "cannot start: state takes 1000.0 MiB of heap (expected: up to 999.0 MiB); set"
                        + " MILLRACE_JAVA_OPTS=-Xmx2g or lower what `millrace check` shows as large",
                e.getMessage());
    }

    @Test
    void shouldAcceptAStateThatJustFits() {
        assertDoesNotThrow(() -> memory.check(1_128 * MIB));
    }

    @Test
    void shouldNameEveryPartOfTheFlightsExample() throws Exception {
        Memory flights = Memory.of(ConfigReader.read(CommandRun.flights("flights.yaml"), null, CsvHeader::columns));

        assertEquals("[ring, output ring]", flights.rings().keySet().toString());
        assertEquals(
                "[dedup, window origin-delay, pattern bad-day, pattern delay-cascade, pattern quiet-airport]",
                flights.state().keySet().toString());
        assertEquals(16384L * 320, flights.rings().get("ring"));
    }
}
