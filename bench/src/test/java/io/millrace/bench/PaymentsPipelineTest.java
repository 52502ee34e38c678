package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.PipelineContext;
import io.millrace.ring.ThreadPlan;
import org.junit.jupiter.api.Test;

/** The rows that workload.md gives, through a whole pipeline with its own threads, subscribers included. */
class PaymentsPipelineTest {
    private static final int EVENT_COUNT = 600_000;

    @Test
    void shouldGiveTheRowsOfQ1() {
        try (PaymentsPipeline pipeline = run(Query.Q1)) {
            assertEquals("593971 86a07d10dd15122e", pipeline.kept().toString());
        }
    }

    @Test
    void shouldGiveTheRowsOfQ2() {
        try (PaymentsPipeline pipeline = run(Query.Q2)) {
            assertEquals("532593 40a33ca12c5152bc", pipeline.windows().toString());
        }
    }

    @Test
    void shouldGiveTheRowsOfQ3() {
        try (PaymentsPipeline pipeline = run(Query.Q3)) {
            assertEquals("4117 573ac872892d6258", pipeline.matches().toString());
        }
    }

    @Test
    void shouldGiveTheRowsOfQ2AndQ3BehindQ1() {
        try (PaymentsPipeline pipeline = run(Query.Q123)) {
            assertEquals("532593 862311358b8e9e59", pipeline.windows().toString());
            assertEquals("4070 a09d055ad80bf6d9", pipeline.matches().toString());
        }
    }

    @Test
    void shouldGiveTheRowsOfQ4() {
        try (PaymentsPipeline pipeline = run(Query.Q4)) {
            assertEquals("8523 f5ddc41f8f6b99db", pipeline.sequences().toString());
        }
    }

    @Test
    void shouldGiveTheRowsOfAll() {
        try (PaymentsPipeline pipeline = run(Query.ALL)) {
            assertEquals("532593 862311358b8e9e59", pipeline.windows().toString());
            assertEquals("4070 a09d055ad80bf6d9", pipeline.matches().toString());
            assertEquals("8447 f627a5ee2f0426e2", pipeline.sequences().toString());
        }
    }

    private static PaymentsPipeline run(Query query) {
        PaymentsPipeline pipeline = new PaymentsPipeline(query, new PipelineContext().threadPlan(ThreadPlan.FUSED));
        for (int i = 0; i < EVENT_COUNT; i++) {
            pipeline.publishNext();
        }
        pipeline.drain();
        return pipeline;
    }
}
