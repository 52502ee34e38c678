package io.millrace.stream;

import static io.millrace.stream.StreamEvents.ORDER;
import static io.millrace.stream.StreamEvents.PAYMENT;
import static io.millrace.stream.StreamEvents.order;
import static io.millrace.stream.StreamEvents.payment;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.event.PackedText;
import io.millrace.state.Operator;
import io.millrace.window.Window;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StreamOperatorTest {
    private final StreamBuilder builder = StreamBuilder.named("orders");
    private final EventStream orders = builder.from(ORDER);

    private List<String> run(MutableEvent... events) {
        return run(builder.build(), events);
    }

    private static List<String> run(Operator operator, MutableEvent... events) {
        List<String> records = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(operator, 0, RecordedOutputs.into(records));
        for (MutableEvent event : events) {
            driver.onEvent(event);
        }
        driver.onEnd(events.length);
        return StreamEvents.words(operator.outputTypes(), RecordedOutputs.events(records));
    }

    @Test
    void shouldFilterAndMapWithExpressions() {
        orders.filter("cents > 100 and origin == 'ATL'")
                .map(Mapping.of("euros", "cents / 100.0")
                        .keep("origin", "grade", "sequence")
                        .with("isBig", "cents > 1000")
                        .with("doubled", event -> 2 * ORDER.field("cents").getLong(event)))
                .to("euros");

        assertEquals(
                List.of(
                        "euros 7 @10 euros=2.5 origin=ATL grade=255 sequence=0 isBig=0 doubled=500",
                        "euros 7 @12 euros=20.0 origin=ATL grade=255 sequence=2 isBig=1 doubled=4000"),
                run(
                        order(0, 10, 7, 1, 250, "ATLJFK"),
                        order(1, 11, 7, 1, 250, "JFKATL"),
                        order(2, 12, 7, 1, 2000, "ATLJFK")));
    }

    @Test
    void shouldPutEventsOutAsTheyAreUnderAnotherName() {
        orders.to("copies");

        assertEquals(
                List.of("copies 7 @10 customer=1 cents=null origin=null destination=JFK grade=255"),
                run(order(0, 10, 7, 1, Long.MIN_VALUE, "\0\0\0JFK")));
    }

    @Test
    void shouldMapWithCode() {
        EventType type = DerivedType.named("sums").field("sum", FieldType.INT64).build();
        orders.map(type, (source, target) -> type.field("sum").putLong(target, source.key() + source.timestampNs()))
                .filter("sum > 18")
                .to("sums");

        assertEquals(
                List.of("sums 8 @11 sum=19"), run(order(0, 10, 7, 1, 1, "ATLJFK"), order(1, 11, 8, 1, 1, "ATLJFK")));
    }

    @Test
    void shouldMakeSeveralEventsOfOne() {
        orders.flatMap(
                        Mapping.of("airport", "origin").with("cents", "cents"),
                        Mapping.of("airport", "destination").with("cents", "0 - cents"))
                .keyBy("airport")
                .to("ends");

        assertEquals(
                List.of(
                        "ends " + PackedText.pack("ATL") + " @10 airport=ATL cents=5",
                        "ends " + PackedText.pack("JFK") + " @10 airport=JFK cents=-5"),
                run(order(0, 10, 7, 1, 5, "ATLJFK")));
    }

    @Test
    void shouldMakeSeveralEventsOfOneWithCode() {
        EventType type = DerivedType.named("n").field("n", FieldType.INT64).build();
        orders.flatMap(type, 3, (source, collector) -> {
                    for (long i = 0; i < source.key(); i++) {
                        type.field("n").putLong(collector.next(), i);
                        collector.commit();
                    }
                })
                .to("n");
        StreamOperator operator = builder.build();

        assertEquals(3, operator.maxOutputsPerStep());
        assertEquals(List.of("n 2 @10 n=0", "n 2 @10 n=1"), run(operator, order(0, 10, 2, 1, 5, "ATLJFK")));
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> run(operator, order(0, 10, 4, 1, 5, "ATLJFK")));
        assertEquals(
                "cannot make event: count=4 of one event (expected: 0 to 3); tell flatMap a higher maxCount",
                e.getMessage());
    }

    @Test
    void shouldKeyByValues() {
        orders.keyBy("customer").map("a", "key").to("integer");
        orders.keyBy("origin").map("a", "1").to("text");
        orders.keyBy("origin", "destination").map("a", "1").to("route");
        orders.keyBy(event -> event.sequence() == 0 ? Long.MIN_VALUE : 5)
                .map("a", "1")
                .to("code");
        StreamOperator operator = builder.build();

        assertEquals(
                List.of(
                        "integer 3 @10 a=3",
                        "text " + PackedText.pack("ATL") + " @10 a=1",
                        "route " + PackedText.pack("ATL-JFK") + " @10 a=1",
                        "integer 4 @11 a=4",
                        "code 5 @11 a=1"),
                run(operator, order(0, 10, 7, 3, 5, "ATLJFK"), order(1, 11, 7, 4, 5, "\0\0\0JFK")));
        assertEquals(3, operator.nullKeyCount());
    }

    @Test
    void shouldHashKeysThatDoNotFit() {
        orders.keyBy("origin", "customer").map("a", "1").to("keys");
        StreamOperator operator = builder.build();

        List<String> keys = run(
                operator,
                order(0, 10, 7, 3, 5, "ATLJFK"),
                order(1, 10, 7, 4, 5, "ATLJFK"),
                order(2, 10, 7, 3, 9, "ATLLAX"));

        assertEquals(keys.get(0), keys.get(2));
        assertEquals(2, keys.stream().distinct().count());
    }

    @Test
    void shouldBranchToTheFirstThatFits() {
        orders.map("cents", "cents")
                .branch(
                        Branch.of("big", "cents >= 100"),
                        Branch.of("even", "cents % 2 == 0"),
                        Branch.otherwise("rest"));

        assertEquals(
                List.of("big 7 @10 cents=200", "even 7 @11 cents=4", "rest 7 @12 cents=5"),
                run(
                        order(0, 10, 7, 1, 200, "ATLJFK"),
                        order(1, 11, 7, 1, 4, "ATLJFK"),
                        order(2, 12, 7, 1, 5, "ATLJFK")));
    }

    @Test
    void shouldLookRowsUp() {
        orders.lookup(builder.from(PAYMENT), Lookup.by("customer").as("p")).to("seen");

        assertEquals(
                List.of(
                        "seen 7 @10 customer=3 cents=5 origin=ATL destination=JFK grade=255 p.paid=null p.rate=null",
                        "seen 7 @12 customer=3 cents=5 origin=ATL destination=JFK grade=255 p.paid=44 p.rate=22.0"),
                run(order(0, 10, 7, 3, 5, "ATLJFK"), payment(1, 11, 3, 44), order(2, 12, 7, 3, 5, "ATLJFK")));
    }

    @Test
    void shouldJoinByKeyAndTime() {
        orders.map("cents", "cents")
                .join(
                        builder.from(PAYMENT).map("paid", "paid"),
                        Join.after(10, NANOSECONDS).as("o", "p"))
                .filter("p.paid == o.cents")
                .map("took", "p.timestampNs - o.timestampNs")
                .to("paid");

        assertEquals(
                List.of("paid 7 @12 took=2", "paid 7 @20 took=10"),
                run(
                        order(0, 10, 7, 3, 5, "ATLJFK"),
                        payment(1, 12, 7, 5),
                        payment(2, 12, 8, 5),
                        payment(3, 20, 7, 5),
                        payment(4, 21, 7, 5)));
    }

    @Test
    void shouldGoOnWithTheNextRecordWhereTheBudgetEnds() {
        orders.map("cents", "cents")
                .join(builder.from(PAYMENT), Join.within(10, NANOSECONDS))
                .map("cents", "left.cents")
                .to("pairs");
        StreamRun run = new StreamRun(new OnceOnly(builder.build()), 0, 0);
        for (int i = 0; i < 150; i++) {
            run.onEvent(order(i, 10, 7, 3, i, "ATLJFK"));
        }

        run.onEvent(payment(150, 10, 7, 5));
        assertEquals(Join.BUDGET_DEFAULT, run.records.size());
        run.onTick(151);
        assertEquals(150, run.records.size());
        assertEquals("pairs 7 @10 cents=149", run.words().get(149));
    }

    @Test
    void shouldLetParkedEventsGoOnWithTheNextRecordWhereTheBudgetEnds() {
        orders.lookup(builder.from(PAYMENT), Lookup.by("customer").as("p").parkMissing(1000, NANOSECONDS, 200))
                .map(Mapping.of("cents", "cents").with("paid", "p.paid"))
                .to("seen");
        StreamRun run = new StreamRun(new OnceOnly(builder.build()), 0, 0);
        for (int i = 0; i < 150; i++) {
            run.onEvent(order(i, 10, 7, 3, i, "ATLJFK"));
        }
        assertEquals(0, run.records.size());

        run.onEvent(payment(150, 10, 3, 5));
        assertEquals(Lookup.BUDGET_DEFAULT, run.records.size());
        run.onTick(151);
        assertEquals(150, run.records.size());
        assertEquals("seen 7 @10 cents=149 paid=5", run.words().get(149));
    }

    /** Gives an operator that is made already. */
    private record OnceOnly(StreamOperator operator) implements Supplier<StreamOperator> {
        @Override
        public StreamOperator get() {
            return operator;
        }
    }

    @Test
    void shouldRefuseWhatCannotBeBuilt() {
        refuse(
                "cannot build stream: name=  (expected: not blank); give the stream a name",
                () -> StreamBuilder.named(" "));
        refuse(
                "cannot build stream orders: it puts nothing out (expected: at least one output); end a stream with"
                        + " to(name)",
                builder::build);
        StreamBuilder other = StreamBuilder.named("other");
        EventStream stream = other.from(ORDER);
        refuse(
                "cannot key stream: field=rate, type=double (expected: an integer, a char, an enum or text); two"
                        + " doubles are hardly ever the same",
                () -> other.from(PAYMENT).keyBy("rate"));
        refuse("cannot key stream: fields=0 (expected: at least 1); name a field", () -> stream.keyBy(new String[0]));
        refuse(
                "cannot build stream other: flatMap maxCount=1025 (expected: 1 to 1024); set the most events that one"
                        + " becomes",
                () -> stream.flatMap(PAYMENT, 1025, (source, collector) -> {}));
        refuse(
                "cannot build stream other: branch b takes all that is left (expected: the last one); move it to the"
                        + " end",
                () -> stream.branch(Branch.otherwise("b"), Branch.of("c", "cents > 1")));
        refuse(
                "cannot build join: beforeNs=-1 (expected: 0 to 576460752303423488); set it in that range",
                () -> Join.within(-1, NANOSECONDS));
        refuse(
                "cannot build lookup: maxRows=0 (expected: 1 to 67108864); set it in that range",
                () -> Lookup.by("customer").maxRows(0));
        refuse(
                "cannot map to field: x='text' is text (expected: a field, a number or a condition); compute with"
                        + " numbers, text can be copied only",
                () -> stream.map("x", "'text'"));
        stream.map("a", "1").to("same");
        refuse(
                "cannot build stream other: output same has fields=[a] and [b] (expected: the same of all streams that"
                        + " go there); name them apart",
                () -> stream.map("b", "1").to("same"));
        refuse(
                "cannot build stream other: an input of other.join.1 is of builder orders (expected: streams of one"
                        + " builder); take all from one",
                () -> stream.join(orders2(), Join.after(1, NANOSECONDS)));
    }

    private static EventStream orders2() {
        return StreamBuilder.named("orders").from(PAYMENT);
    }

    private static void refuse(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    /** The second one of two events has to wait in a queue, and must not take time with it. */
    @Test
    void shouldNotMoveTimeByEventsOfThePipelineThatWait() {
        orders.flatMap(Mapping.of("n", "cents"), Mapping.of("n", "cents + 1"))
                .window(Window.tumbling(10, NANOSECONDS))
                .sum("sum", "n")
                .to("sums");
        List<String> records = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(builder.build(), 50, RecordedOutputs.into(records));
        driver.onEvent(order(0, 100, 7, 1, 1, "ATLJFK"));
        driver.onEvent(order(1, 75, 7, 1, 10, "ATLJFK"));
        driver.onEnd(2);

        assertEquals(
                List.of(
                        "sums 7 @80 startNs=70 endNs=80 sum=21 revision=0",
                        "sums 7 @110 startNs=100 endNs=110 sum=3 revision=0"),
                StreamEvents.words(List.of(builder.outputTypes().get(0)), RecordedOutputs.events(records)));
    }

    @Test
    void shouldNameItsOutputs() {
        orders.to("copies");
        StreamOperator operator = builder.build();

        assertEquals("copies", operator.outputType("copies").name());
        assertEquals(
                "cannot find output of stream orders: name=copy (expected: one of " + operator.outputTypes()
                        + "); take the name that to(...) was given",
                assertThrows(IllegalArgumentException.class, () -> operator.outputType("copy"))
                        .getMessage());
    }

    @Test
    void shouldRefuseToTakeWhatCostsNothingFromAnotherOperator() {
        EventStream filtered = orders.filter("cents > 1");

        assertEquals(
                "cannot build stream other: what is taken from orders is of the pipeline (expected: rows of an"
                        + " operator); repeat its steps here, they have no state",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> StreamBuilder.named("other").from(filtered))
                        .getMessage());
    }

    @Test
    void shouldTakeWhatIsTakenThroughIntoItsBytes() {
        WindowSpec spec = WindowSpec.named("inner")
                .over(ORDER)
                .value(ORDER.field("cents"))
                .size(10, NANOSECONDS)
                .maxKeys(100)
                .build();
        orders.putOutThrough(new WindowOperator(spec));

        assertEquals(WindowOperator.bytes(spec), builder.bytes());
        assertTrue(builder.build().bytes() >= WindowOperator.bytes(spec));
    }
}
