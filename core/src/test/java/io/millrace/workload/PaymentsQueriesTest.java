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
import io.millrace.pattern.ThresholdOperator;
import io.millrace.state.Operator;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowResult;
import io.millrace.window.WindowSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows and checksums that the workload's recipe gives, and that Esper, Siddhi and Flink agree on. */
class PaymentsQueriesTest {
    private static final int EVENT_COUNT = 600_000;
    private static final long NS_PER_MS = 1_000_000;

    private final WindowResult result = new WindowResult();
    private final Match match = new Match();
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
            driver.onEvent(feed.next());
        }
    }

    private void addRow(MutableEvent output) {
        rowCount++;
        if (output.typeId() == WindowResult.TYPE_ID) {
            result.wrap(output);
            checksum += Payments.rowChecksum(result.endNs() / NS_PER_MS, output.key(), result.sum(), result.count());
            assertEquals((double) result.sum() / result.count(), result.avg());
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
