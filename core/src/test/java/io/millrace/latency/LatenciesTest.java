package io.millrace.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void shouldHaveARecorderForEachStageInOrder() {
        assertEquals(
                List.of("admit", "journal", "apply", "emit"),
                latencies.recorders().stream().map(LatencyRecorder::name).toList());
        for (LatencyStage stage : LatencyStage.values()) {
            assertSame(latencies.recorders().get(stage.ordinal()), latencies.recorder(stage));
            assertEquals(stage.tag(), latencies.recorder(stage).name());
        }
    }
}
