package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import io.millrace.event.EventType;
import io.millrace.event.HeaderField;
import io.millrace.event.MutableEvent;
import io.millrace.state.Operator;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Patterns take the memory that they print, and keys that are idle leave nothing behind. */
class PatternMemoryTest {
    private static final EventType ANY = EventType.opaque(1, "Any");
    private static final int WITHIN = 100_000;
    private static final int SET_SIZE = 10;
    private static final long MIB = 1 << 20;

    private final MutableEvent event = MutableEvent.allocate(0);
    private long outputCount;

    private static PatternBuilder pair() {
        return Pattern.begin("a")
                .where("sourceId == 1")
                .followedBy("b")
                .where("sourceId == 2")
                .within(WITHIN, NANOSECONDS)
                .named("pair");
    }

    private static PatternLimits limits(int size) {
        return PatternLimits.defaults()
                .maxKeys(size)
                .maxRuns(size)
                .maxRunsPerKey(64)
                .maxNodes(size)
                .maxWaitingMatches(1_024)
                .overflow(Overflow.HALT);
    }

    private static List<Pattern> many(PatternLimits limits) {
        return IntStream.range(0, SET_SIZE)
                .mapToObj(i -> pair().limits(limits).named("p" + i).build())
                .toList();
    }

    private static EventPattern threshold(int size) {
        return EventPattern.named("many")
                .where(EventPattern.count(ANY).ge(3))
                .where(EventPattern.distinct(HeaderField.SOURCE_ID).ge(2))
                .within(WITHIN, NANOSECONDS)
                .maxKeys(size)
                .maxEvents(size)
                .build();
    }

    /** Compares with what is allocated, apart from what does not depend on the size. */
    private static void assertTakes(long smallBytes, Supplier<Object> small, long largeBytes, Supplier<Object> large) {
        Object[] made = new Object[1];
        long taken = AllocatedBytes.of(() -> made[0] = large.get()) - AllocatedBytes.of(() -> made[0] = small.get());
        long said = largeBytes - smallBytes;

        assertTrue(Math.abs(taken - said) <= said / 1_000, "taken=" + taken + ", said=" + said + ", of " + made[0]);
    }

    private static void assertTakes(PatternBuilder builder) {
        Pattern small = builder.limits(limits(128)).build();
        Pattern large = builder.limits(limits(1 << 16)).build();
        assertTakes(
                PatternOperator.bytes(small),
                () -> new PatternOperator(small),
                PatternOperator.bytes(large),
                () -> new PatternOperator(large));
    }

    @Test
    void shouldAllocateTheBytesThatArePrinted() {
        assertTakes(pair());
        assertTakes(pair().notFollowedBy("c").where("sourceId == 3").absentFor("d", 5, NANOSECONDS));
        assertTakes(pair().followedByAny("c")
                .where("sourceId > avg(a.sourceId) and distinct(b.sourceId) > 0 and key > last(b.key)"));
        assertTakes(
                PatternSet.bytes(many(limits(128)), limits(128)),
                () -> new PatternSet("set", many(limits(128)), limits(128)),
                PatternSet.bytes(many(limits(1 << 16)), limits(1 << 16)),
                () -> new PatternSet("set", many(limits(1 << 16)), limits(1 << 16)));
        assertTakes(
                ThresholdOperator.bytes(threshold(1 << 8)),
                () -> new ThresholdOperator(threshold(1 << 8)),
                ThresholdOperator.bytes(threshold(1 << 16)),
                () -> new ThresholdOperator(threshold(1 << 16)));
    }

    @Test
    void shouldForgetKeysThatComeNoMore() {
        churn(300_000);
    }

    /** With -Pslow: about a minute per operator. */
    @Test
    @Tag("slow")
    void shouldForgetKeysThatComeNoMoreForAVeryLongTime() {
        churn(100_000_000);
    }

    private void churn(long eventCount) {
        PatternOperator alone =
                new PatternOperator(pair().limits(limits(1 << 18)).build());
        churn("PatternOperator", alone, eventCount, alone.bytes(), alone::keyCount);

        PatternLimits ofAll = limits(1 << 17).maxRuns(SET_SIZE * 60_000).maxNodes(SET_SIZE * 60_000);
        PatternSet set = new PatternSet("set", many(limits(1 << 18)), ofAll);
        churn("PatternSet", set, eventCount / SET_SIZE, set.bytes(), set::keyCount);

        ThresholdOperator threshold = new ThresholdOperator(threshold(1 << 18));
        churn("ThresholdOperator", threshold, eventCount, threshold.bytes(), threshold::keyCount);
    }

    /** Every key comes twice, close together, and never again. */
    private void churn(String name, Operator operator, long eventCount, long bytes, LongSupplier keyCount) {
        OperatorDriver driver = new OperatorDriver(operator, 0, new RecordedOutputs(output -> outputCount++));
        long warm = Math.min(eventCount / 2, 4L * WITHIN);
        feedChurn(driver, 0, warm);
        long before = usedBytes();
        long most = 0;
        for (long from = warm; from < eventCount; from += WITHIN) {
            feedChurn(driver, from, Math.min(from + WITHIN, eventCount));
            most = Math.max(most, keyCount.getAsLong());
        }
        long after = usedBytes();
        System.out.println(name + ": events=" + eventCount + ", state=" + bytes + " bytes, heap after GC "
                + before / MIB + " MiB, then " + after / MIB + " MiB, keys at most " + most);

        assertTrue(most <= WITHIN, "keys=" + most);
        assertTrue(Math.abs(after - before) < 8 * MIB, "before=" + before + ", after=" + after);
        driver.onEnd(eventCount);
        assertEquals(0, keyCount.getAsLong());
    }

    private void feedChurn(OperatorDriver driver, long from, long to) {
        for (long i = from; i < to; i++) {
            long key = i / 4 * 2 + i % 2;
            driver.onEvent(event.clearHeader()
                    .typeId(1)
                    .sequence(i)
                    .timestampNs(i)
                    .key(key)
                    .sourceId(i % 4 < 2 || key % 16 < 8 ? 1 : 2));
        }
    }

    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @Test
    void shouldHoldARunOfEachKeyInTheBytesThatArePrinted() {
        holdARunOfEachOf(100_000, 8 * MIB);
    }

    @Test
    @Tag("slow")
    void shouldHoldARunOfEachOfAMillionKeysInTheBytesThatArePrinted() {
        holdARunOfEachOf(1_000_000, 0);
    }

    /** @param otherBytes that the JVM may need meanwhile, beside a tenth of the state */
    private void holdARunOfEachOf(int keyCount, long otherBytes) {
        Pattern pattern = pair().within(1, NANOSECONDS).limits(limits(keyCount)).build();
        long before = usedBytes();
        PatternOperator operator = new PatternOperator(pattern);
        OperatorDriver driver = new OperatorDriver(operator, 0, new RecordedOutputs(output -> outputCount++));
        for (int i = 0; i < keyCount; i++) {
            driver.onEvent(
                    event.clearHeader().sequence(i).timestampNs(1).key(i * 31L).sourceId(1));
        }
        long taken = usedBytes() - before;
        System.out.println("keys=" + operator.keyCount() + ", runs=" + operator.runCount() + ", said="
                + operator.bytes() + " bytes, heap grew by " + taken + " bytes");

        assertEquals(keyCount, operator.keyCount());
        assertEquals(keyCount, operator.runCount());
        assertTrue(Math.abs(taken - operator.bytes()) < operator.bytes() / 10 + otherBytes, "taken=" + taken);
        driver.onEvent(event.clearHeader().sequence(keyCount).timestampNs(3).key(-1));
        assertEquals(0, operator.keyCount());
    }
}
