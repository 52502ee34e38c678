package io.millrace.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Schema;
import io.millrace.state.StateHash;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.PaymentsFeed;
import io.millrace.workload.RecordedOutputs;
import org.junit.jupiter.api.Test;

/** Streams allocate nothing per event, whatever they are made of. */
class StreamAllocationTest {
    private static final int EVENT_COUNT = 50_000;
    private static final EventType ROW = Schema.outputs().types().get(0);

    private final PaymentsFeed feed = new PaymentsFeed();
    private final StreamBuilder builder = StreamBuilder.named("payments");
    private final EventStream orders = builder.from(PaymentsFeed.ORDER_PLACED)
            .map(Mapping.of("cents", "sourceId")
                    .with("isBig", "sourceId > 50000")
                    .with("euros", "sourceId / 100.0"));
    private final EventStream attempts =
            builder.from(PaymentsFeed.PAYMENT_ATTEMPTED).map("card", "idHi");
    private long outputCount;
    private long sink;

    @Test
    void shouldAllocateNothingInSteps() {
        EventType type = DerivedType.named("n").field("n", FieldType.INT64).build();
        orders.filter("euros > 1.5")
                .keyBy("cents")
                .flatMap(type, 2, (source, collector) -> {
                    type.field("n").putLong(collector.next(), source.key());
                    collector.commit();
                    type.field("n").putLong(collector.next(), 1);
                    collector.commit();
                })
                .branch(Branch.of("one", "n == 1"), Branch.otherwise("other"));

        assertNothingAllocated(EVENT_COUNT / 2);
    }

    @Test
    void shouldAllocateNothingInChainsOfWindows() {
        WindowSpec inner = WindowSpec.named("inner")
                .over(orders.type())
                .value(orders.type().field("cents"))
                .size(4, SECONDS)
                .slide(1, SECONDS)
                .maxKeys(100_000)
                .build();
        WindowSpec outer = WindowSpec.named("outer")
                .over(ROW)
                .value(ROW.field("sum"))
                .size(2, SECONDS)
                .maxKeys(100_000)
                .build();
        orders.through(new WindowOperator(inner), ROW)
                .having("count >= 1")
                .through(new WindowOperator(outer), ROW)
                .map("total", "sum")
                .to("totals");

        assertNothingAllocated(EVENT_COUNT / 5);
    }

    @Test
    void shouldAllocateNothingInJoins() {
        orders.join(attempts, Join.within(2, SECONDS).maxRows(100_000)).to("pairs");

        assertNothingAllocated(EVENT_COUNT / 10);
    }

    @Test
    void shouldAllocateNothingInLookUps() {
        orders.lookup(attempts, Lookup.byKey().maxRows(100_000).parkMissing(1, SECONDS, 20_000))
                .to("seen");

        assertNothingAllocated(EVENT_COUNT / 10);
    }

    private void assertNothingAllocated(int outputCountMin) {
        StreamOperator operator = builder.build();
        OperatorDriver driver = new OperatorDriver(operator, 0, new RecordedOutputs(output -> outputCount++));
        StateHash hash = new StateHash();
        Runnable work = () -> {
            outputCount = 0;
            for (int i = 0; i < EVENT_COUNT; i++) {
                MutableEvent event = feed.next();
                sink += operator.touch(event) + operator.nextDeadlineNs();
                driver.onEvent(event);
            }
            operator.save(hash);
        };
        assertEquals(0, AllocatedBytes.of(work));
        assertTrue(outputCount >= outputCountMin, "outputs=" + outputCount);
    }
}
