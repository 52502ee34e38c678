package io.millrace.workload;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.AfterMatch;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.Overflow;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.PatternSet;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.state.Operator;
import io.millrace.state.StateHash;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows and patterns allocate nothing per event, over boundaries, matches and keys that come and go. */
class OperatorAllocationTest {
    private static final int EVENT_COUNT = 100_000;

    private final PaymentsFeed feed = new PaymentsFeed();
    private long outputCount;
    private long sink;
    private byte[] garbage = new byte[0];

    @Test
    void shouldAllocateNothingInWindows() {
        WindowOperator operator = new WindowOperator(WindowSpec.named("orders")
                .over(PaymentsFeed.ORDER_PLACED)
                .value(PaymentsFeed.AMOUNT_CENTS)
                .size(6, SECONDS)
                .slide(1, SECONDS)
                .maxKeys(100_000)
                .build());

        assertEquals(0, AllocatedBytes.of(feedOf(operator)));
        assertTrue(outputCount > EVENT_COUNT, "rows were put out");
    }

    @Test
    void shouldAllocateNothingInThresholds() {
        ThresholdOperator operator = new ThresholdOperator(EventPattern.named("fraud")
                .where(count(PaymentsFeed.PAYMENT_ATTEMPTED).ge(3))
                .where(distinct(PaymentsFeed.CARD_NUMBER).ge(2))
                .within(10, SECONDS)
                .mode(MatchMode.SKIP_PAST_LAST)
                .maxKeys(100_000)
                .build());

        assertEquals(0, AllocatedBytes.of(feedOf(operator)));
        assertTrue(outputCount > 0, "matches were put out");
    }

    @Test
    void shouldAllocateNothingInPatterns() {
        assertEquals(0, AllocatedBytes.of(feedOf(new PatternOperator(PaymentsPatterns.paidLate()))));
        assertTrue(outputCount > 0, "matches were put out");
    }

    @Test
    void shouldAllocateNothingInPatternsWithLoopsAndRegisters() {
        Pattern pattern = Pattern.begin("first")
                .where(PaymentsFeed.PAYMENT_ATTEMPTED)
                .followedBy("more")
                .where(PaymentsFeed.PAYMENT_ATTEMPTED, "sourceId > avg(more.sourceId) or count(more) == 0")
                .times(1, 4)
                .allowCombinations()
                .notFollowedBy("done")
                .where(PaymentsFeed.PAYMENT_COMPLETED)
                .followedBy("order")
                .where(PaymentsFeed.ORDER_PLACED, "distinct(more.idHi) > 1")
                .within(2, SECONDS)
                .afterMatch(AfterMatch.skipPastLastEvent())
                .timeouts()
                .maxRunsPerKey(6)
                .onOverflow(Overflow.EVICT_OLDEST)
                .named("loops")
                .build();

        assertEquals(0, AllocatedBytes.of(feedOf(new PatternOperator(pattern))));
        assertTrue(outputCount > 0, "matches were put out");
    }

    @Test
    void shouldAllocateNothingInPatternSets() {
        List<Pattern> patterns = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            patterns.add(Pattern.begin("attempt")
                    .where(PaymentsFeed.PAYMENT_ATTEMPTED, "sourceId >= " + 1_000 * i)
                    .followedBy("order")
                    .where(PaymentsFeed.ORDER_PLACED, "sourceId < " + 1_000 * i)
                    .within(1 + i % 6, SECONDS)
                    .timeouts()
                    .named("p" + i)
                    .build());
        }
        PatternLimits limits =
                PatternLimits.defaults().maxRuns(5_000).maxNodes(5_000).overflow(Overflow.REJECT_START);

        assertEquals(0, AllocatedBytes.of(feedOf(new PatternSet("set", patterns, limits))));
        assertTrue(outputCount > 0, "matches were put out");
    }

    @Test
    void shouldSeeWhatIsAllocated() {
        assertTrue(AllocatedBytes.of(() -> {
                    for (int i = 0; i < EVENT_COUNT; i++) {
                        garbage = new byte[16];
                    }
                })
                >= 32L * EVENT_COUNT);
        assertEquals(16, garbage.length);
    }

    private Runnable feedOf(Operator operator) {
        OperatorDriver driver = new OperatorDriver(operator, 0, new RecordedOutputs(output -> outputCount++));
        StateHash hash = new StateHash();
        Event[] next = new Event[1];
        return () -> {
            for (int i = 0; i < EVENT_COUNT; i++) {
                MutableEvent event = feed.next();
                next[0] = event;
                sink += operator.touch(event) + operator.touch(next, 1) + operator.nextDeadlineNs();
                driver.onEvent(event);
            }
            operator.save(hash);
        };
    }
}
