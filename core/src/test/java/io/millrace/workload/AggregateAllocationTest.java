package io.millrace.workload;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import io.millrace.event.MutableEvent;
import io.millrace.state.StateHash;
import io.millrace.window.Aggregate;
import io.millrace.window.AggregateOperator;
import io.millrace.window.AggregateSpec;
import io.millrace.window.LatePolicy;
import io.millrace.window.Window;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All kinds of windows with all aggregates allocate nothing per event. */
class AggregateAllocationTest {
    private static final int EVENT_COUNT = 30_000;

    private final PaymentsFeed feed = new PaymentsFeed();
    private long outputCount;
    private long sink;

    static List<AggregateSpec> specs() {
        return List.of(
                spec("hops", Window.hopping(500, MILLISECONDS, 100, MILLISECONDS))
                        .build(),
                spec("shared", Window.tumbling(1, SECONDS), Window.cumulating(2, SECONDS, 250, MILLISECONDS))
                        .late(LatePolicy.update(1, SECONDS))
                        .build(),
                spec("top", Window.tumbling(500, MILLISECONDS)).top(10, "sum").build(),
                spec("sessions", Window.session(100, MILLISECONDS)).build(),
                spec("counts", Window.count(10, 2)).maxKeys(5_000).build(),
                spec("last", Window.sliding(500, MILLISECONDS)).maxPanes(50_000).build());
    }

    private static AggregateSpec.Builder spec(String name, Window... windows) {
        return AggregateSpec.named(name)
                .over(PaymentsFeed.ORDER_PLACED)
                .window(windows)
                .aggregate(
                        Aggregate.count("count"),
                        Aggregate.sum("sum").of(PaymentsFeed.AMOUNT_CENTS),
                        Aggregate.min("min").of(PaymentsFeed.AMOUNT_CENTS),
                        Aggregate.avg("avg").of(PaymentsFeed.AMOUNT_CENTS),
                        Aggregate.last("last").of(PaymentsFeed.AMOUNT_CENTS),
                        Aggregate.stddev("stddev").of(PaymentsFeed.AMOUNT_CENTS),
                        Aggregate.distinct("distinct")
                                .of(PaymentsFeed.AMOUNT_CENTS)
                                .exactUpTo(4)
                                .precision(4),
                        Aggregate.quantile("median", 0.5)
                                .of(PaymentsFeed.AMOUNT_CENTS)
                                .precision(1)
                                .between(0, 200_000))
                .maxKeys(20_000);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void shouldAllocateNothing(AggregateSpec spec) {
        AggregateOperator operator = AggregateOperator.of(spec);
        OperatorDriver driver = new OperatorDriver(operator, 0, new RecordedOutputs(output -> outputCount++));
        StateHash hash = new StateHash();

        assertEquals(0, AllocatedBytes.of(() -> {
            for (int i = 0; i < EVENT_COUNT; i++) {
                MutableEvent event = feed.next();
                sink += operator.touch(event) + operator.nextDeadlineNs();
                driver.onEvent(event);
            }
            operator.save(hash);
        }));
        assertTrue(outputCount > 100, "rows were put out");
    }
}
