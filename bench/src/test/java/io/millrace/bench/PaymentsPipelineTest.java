package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.PipelineContext;
import io.millrace.ring.ThreadPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows that workload.md gives, through a whole pipeline with its own threads, subscribers included. */
class PaymentsPipelineTest {
    @ParameterizedTest
    @EnumSource(names = "Q2L", mode = EnumSource.Mode.EXCLUDE)
    void shouldGiveTheRowsOfTheWorkload(Query query) {
        PipelineContext context = new PipelineContext().threadPlan(ThreadPlan.FUSED);
        try (PaymentsPipeline pipeline = new PaymentsPipeline(query, context)) {
            for (int i = 0; i < query.verifiedCount; i++) {
                pipeline.publishNext();
            }
            pipeline.drain();
            assertEquals(query.verifiedRows, pipeline.rows().toString());
        }
    }

    @Test
    void shouldRefuseToMeasureWrongRows() {
        QueryRows rows = new QueryRows();
        rows.kept.add(1, 2, 0, 0);
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> Query.Q1.requireRows(rows));
        assertEquals(
                "rows differ: query=Q1, rows=" + rows
                        + " (expected: kept 593971 86a07d10dd15122e, those of the workload);"
                        + " do not measure what is wrong",
                error.getMessage());
    }
}
