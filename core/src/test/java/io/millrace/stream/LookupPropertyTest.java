package io.millrace.stream;

import static io.millrace.stream.StreamEvents.ORDER;
import static io.millrace.stream.StreamEvents.PAYMENT;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.MutableEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random tables and streams, missing rows dropped, null or parked, against maps and lists. */
class LookupPropertyTest {
    private static final long SEED = TestSeed.of(LookupPropertyTest.class);
    private static final int CASE_COUNT = 200;
    private static final int EVENT_COUNT = 200;

    @Test
    void shouldAgreeWithTheOracle() {
        int rowCount = 0;
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            List<String> expected = new ArrayList<>();
            StreamRun run = new Case(seed).run(0, expected);
            assertEquals(String.join("\n", expected), String.join("\n", run.words()), "seed=" + seed);
            rowCount += expected.size();
        }
        assertTrue(rowCount > 10 * CASE_COUNT, "rows=" + rowCount);
    }

    @Test
    void shouldGiveTheSameBytesWhenRestoredOnTheWay() {
        for (long seed = SEED; seed < SEED + CASE_COUNT / 4; seed++) {
            StreamRun straight = new Case(seed).run(0, new ArrayList<>());
            StreamRun restored = new Case(seed).run(1 + Math.floorMod(seed, 3), new ArrayList<>());
            assertEquals(straight.records, restored.records, "seed=" + seed);
            assertEquals(straight.stateHash(), restored.stateHash(), "seed=" + seed);
        }
    }

    /** An event that waits for its row. */
    private record Waiting(long sequence, long timestampNs, long customer) {}

    private enum Missing {
        NULL,
        DROP,
        PARK
    }

    private static final class Case {
        private final Random random;
        private final Missing missing;
        private final long parkNs;
        private final int maxParked;
        private final int maxRows;
        private final int customerCount;
        private final Map<Long, long[]> table = new HashMap<>();
        private final List<Waiting> waiting = new ArrayList<>();
        private List<String> expected = List.of();

        Case(long seed) {
            random = new Random(seed);
            missing = Missing.values()[random.nextInt(3)];
            parkNs = 1 + random.nextInt(60);
            maxParked = 1 + random.nextInt(20);
            customerCount = 1 + random.nextInt(12);
            maxRows = 1 + random.nextInt(10);
        }

        private StreamOperator operator() {
            Lookup lookup = Lookup.by("customer").as("p").maxRows(maxRows);
            switch (missing) {
                case DROP -> lookup = lookup.dropMissing();
                case PARK -> lookup = lookup.parkMissing(parkNs, NANOSECONDS, maxParked);
                default -> {}
            }
            StreamBuilder builder = StreamBuilder.named("looked");
            builder.from(ORDER)
                    .map(Mapping.ofFields("customer", "cents"))
                    .lookup(builder.from(PAYMENT), lookup)
                    .map(Mapping.of("cents", "cents").with("paid", "p.paid"))
                    .to("seen");
            return builder.build();
        }

        StreamRun run(int restoreInterval, List<String> into) {
            expected = into;
            StreamRun run = new StreamRun(this::operator, 3, restoreInterval);
            long timeNs = random.nextInt(100) - 50;
            long maxNs = Long.MIN_VALUE;
            for (int sequence = 0; sequence < EVENT_COUNT; sequence++) {
                timeNs += random.nextInt(30) == 0 ? 60 : random.nextInt(4);
                long timestampNs = timeNs - (random.nextInt(3) == 0 ? random.nextInt(8) : 0);
                long customer = random.nextInt(customerCount);
                maxNs = Math.max(maxNs, timestampNs);
                giveUp(maxNs - 4);
                if (random.nextInt(4) == 0) {
                    MutableEvent row = StreamEvents.payment(sequence, timestampNs, customer, sequence);
                    run.onEvent(row);
                    addRow(customer, timestampNs, sequence);
                } else {
                    run.onEvent(StreamEvents.order(sequence, timestampNs, 77, (int) customer, sequence, "ATLJFK"));
                    addEvent(new Waiting(sequence, timestampNs, customer));
                }
            }
            return run;
        }

        private void giveUp(long watermarkNs) {
            List<Waiting> due = waiting.stream()
                    .filter(one -> one.timestampNs + parkNs <= watermarkNs)
                    .sorted(Comparator.comparingLong(Waiting::timestampNs).thenComparingLong(Waiting::sequence))
                    .toList();
            due.forEach(one -> putOut(one, null));
            waiting.removeAll(due);
        }

        private void addRow(long customer, long timestampNs, long value) {
            long[] row = table.get(customer);
            if (row == null && table.size() == maxRows) {
                return;
            }
            if (row == null || timestampNs >= row[0]) {
                table.put(customer, new long[] {timestampNs, value});
            }
            List<Waiting> found =
                    waiting.stream().filter(one -> one.customer == customer).toList();
            found.forEach(one -> putOut(one, table.get(customer)));
            waiting.removeAll(found);
        }

        private void addEvent(Waiting event) {
            long[] row = table.get(event.customer);
            if (row == null && missing == Missing.PARK && waiting.size() < maxParked) {
                waiting.add(event);
            } else if (row != null || missing != Missing.DROP) {
                putOut(event, row);
            }
        }

        private void putOut(Waiting event, long[] row) {
            expected.add("seen 77 @" + event.timestampNs + " cents=" + event.sequence + " paid="
                    + (row == null ? "null" : String.valueOf(row[1])));
        }
    }
}
