package io.millrace.workload;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.event.MutableEvent;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.Match;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.PatternMatch;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.state.Operator;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowResult;
import io.millrace.window.WindowSpec;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows and checksums that the workload's recipe gives, and that Esper, Siddhi and Flink agree on. */
class PaymentsQueriesTest {
    private static final int EVENT_COUNT = 600_000;
    private static final long NS_PER_MS = 1_000_000;

    private final WindowResult result = new WindowResult();
    private final Match match = new Match();
    private final PatternMatch patternMatch = new PatternMatch();
    private final Set<Long> ids = new HashSet<>();
    private boolean isOriginalOnly;
    private long rowCount;
    private long checksum;

    @Test
    void shouldGiveTheRowsOfQ2() {
        WindowSpec.Builder window = orders().size(60, SECONDS).slide(5, SECONDS);

        run(new WindowOperator(window.build()), EVENT_COUNT);

        assertRows(532_593, "40a33ca12c5152bc");
    }

    @Test
    void shouldGiveTheRowsOfQ2WhateverTheSweepBudget() {
        WindowSpec.Builder window = orders().size(60, SECONDS).slide(5, SECONDS).sweepBudget(3);

        run(new WindowOperator(window.build()), EVENT_COUNT);

        assertRows(532_593, "40a33ca12c5152bc");
    }

    @Test
    @Tag("slow")
    void shouldGiveTheRowsOfQ2L() {
        WindowSpec.Builder window = orders().size(1, HOURS).slide(5, MINUTES);

        run(new WindowOperator(window.build()), 7_000_000);

        assertRows(199_931, "f400466c0dc31a7b");
    }

    @Test
    void shouldGiveTheRowsOfQ3() {
        run(fraud(30), EVENT_COUNT);

        assertRows(4_117, "573ac872892d6258");
    }

    @Test
    void shouldGiveTheRowsOfQ3L() {
        run(fraud(300), EVENT_COUNT);

        assertRows(8_501, "ac55e34238fd7e9d");
    }

    @Test
    void shouldGiveTheRowsOfQ4() {
        run(new PatternOperator(PaymentsPatterns.paidLate()), EVENT_COUNT);

        assertRows(8_523, "f5ddc41f8f6b99db");
    }

    @Test
    void shouldGiveTheRowsOfQ4WithoutDuplicates() {
        isOriginalOnly = true;

        run(new PatternOperator(PaymentsPatterns.paidLate()), EVENT_COUNT);

        assertRows(8_447, "f627a5ee2f0426e2");
    }

    private static WindowSpec.Builder orders() {
        return WindowSpec.named("orders")
                .over(PaymentsFeed.ORDER_PLACED)
                .value(PaymentsFeed.AMOUNT_CENTS)
                .maxKeys(100_000);
    }

    private static ThresholdOperator fraud(long withinSeconds) {
        return new ThresholdOperator(EventPattern.named("fraud")
                .where(count(PaymentsFeed.PAYMENT_ATTEMPTED).ge(6))
                .where(distinct(PaymentsFeed.CARD_NUMBER).ge(4))
                .within(withinSeconds, SECONDS)
                .mode(MatchMode.EVERY_EVENT)
                .maxKeys(100_000)
                .maxEvents(1 << 19)
                .build());
    }

    private void run(Operator operator, int eventCount) {
        PaymentsFeed feed = new PaymentsFeed();
        OperatorDriver driver = new OperatorDriver(operator, 0, new RecordedOutputs(this::addRow));
        for (int i = 0; i < eventCount; i++) {
            MutableEvent event = feed.next();
            if (!isOriginalOnly || ids.add(event.idLo())) {
                driver.onEvent(event);
            }
        }
    }

    private void addRow(MutableEvent output) {
        rowCount++;
        if (output.typeId() == WindowResult.TYPE_ID) {
            result.wrap(output);
            checksum += Payments.rowChecksum(result.endNs() / NS_PER_MS, output.key(), result.sum(), result.count());
            assertEquals((double) result.sum() / result.count(), result.avg());
        } else if (output.typeId() == PatternMatch.TYPE_ID) {
            patternMatch.wrap(output);
            assertEquals(3, patternMatch.listedCount());
            checksum += Payments.rowChecksum(4, patternMatch.idLo(0), patternMatch.idLo(1), patternMatch.idLo(2));
        } else {
            match.wrap(output);
            checksum += Payments.rowChecksum(match.lastIdLo(), output.key(), match.count(), match.distinct());
        }
    }

    private void assertRows(long expectedRowCount, String expectedChecksum) {
        assertEquals(expectedRowCount, rowCount);
        assertEquals(expectedChecksum, Long.toHexString(checksum));
    }
}
