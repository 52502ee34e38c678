package io.millrace.window;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.FieldType;
import io.millrace.expression.LongExpression;
import io.millrace.workload.Arrival;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AggregateSpecTest {
    private static final EventType OTHER =
            DerivedType.named("Other").field("amount", FieldType.INT64).build();
    private static final EventType MIXED = DerivedType.named("Mixed")
            .field("flags", FieldType.UINT64)
            .text("name", 4)
            .build();

    private static AggregateSpec.Builder spec() {
        return AggregateSpec.named("sums")
                .over(Arrival.TYPE)
                .window(Window.tumbling(1, HOURS))
                .aggregate(Aggregate.sum("sum").of(Arrival.VALUE))
                .maxKeys(100);
    }

    private static AggregateSpec.Builder without() {
        return AggregateSpec.named("sums").over(Arrival.TYPE).maxKeys(100);
    }

    private static void refused(String message, AggregateSpec.Builder builder) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals("cannot build window sums: " + message, refusal.getMessage());
    }

    private static void refused(String message, Window... windows) {
        refused(message, without().aggregate(Aggregate.count("n")).window(windows));
    }

    private static void refusedAggregate(String message, Aggregate... aggregates) {
        refused(message, without().window(Window.tumbling(1, HOURS)).aggregate(aggregates));
    }

    @Test
    void shouldRefuseWhatIsMissing() {
        refused("type=null (expected: an event type); call over(type)", AggregateSpec.named("sums"));
        refused("windows=0 (expected: at least 1); call window(...)", new Window[0]);
        refusedAggregate("aggregates=0 (expected: at least 1); call aggregate(...)");
        refusedAggregate(
                "sum=sum() of nothing (expected: a field or an expression); call of(field)", Aggregate.sum("sum"));
        IllegalArgumentException blank = assertThrows(
                IllegalArgumentException.class, () -> AggregateSpec.named(" ").build());
        assertEquals("cannot build window  : name=  (expected: not blank); give the window a name", blank.getMessage());
    }

    @Test
    void shouldRefuseSizesAndSlidesOutOfRange() {
        refused(
                "sizeNs=0 (expected: 1 to 576460752303423488); set the size of"
                        + " hopping(sizeNs=0, slideNs=0, offsetNs=0) to more than nothing",
                Window.tumbling(0, SECONDS));
        refused(
                "sizeNs=-1 (expected: 1 to 576460752303423488); set the size of session(gapNs=-1) to more than nothing",
                Window.session(-1, NANOSECONDS));
        refused(
                "slideNs=0 (expected: 1 to 576460752303423488); set the slide of"
                        + " hopping(sizeNs=10, slideNs=0, offsetNs=0)",
                Window.hopping(10, NANOSECONDS, 0, NANOSECONDS));
        refused(
                "slide=11 of hopping(sizeNs=10, slideNs=11, offsetNs=0) (expected: 1 to size=10); a longer slide would"
                        + " lose the events between windows; filter them out instead",
                Window.hopping(10, NANOSECONDS, 11, NANOSECONDS));
        refused(
                "stepNs=4 of cumulating(sizeNs=10, stepNs=4, offsetNs=0) (expected: a divisor of sizeNs=10); choose a"
                        + " step that divides the size",
                Window.cumulating(10, NANOSECONDS, 4, NANOSECONDS));
        refused(
                "size=0 (expected: 1 to 2147483647); set the size of count(size=0, slide=0) to more than nothing",
                Window.count(0));
        refused(
                "offsetNs=5 of session(gapNs=10) (expected: 0); these windows are not aligned",
                Window.session(10, NANOSECONDS).offset(5, NANOSECONDS));
    }

    @Test
    void shouldRefuseMorePanesThanAWindowMayHave() {
        spec().window(Window.hopping(4096, SECONDS, 1, SECONDS)).build();
        refused(
                "panesPerWindow=4097 of paneNs=1000000000 in hopping(sizeNs=4097000000000, slideNs=1000000000,"
                        + " offsetNs=0) (expected: 1 to 4096); choose slides, sizes and offsets that have a greater"
                        + " common divisor",
                Window.hopping(4097, SECONDS, 1, SECONDS));
        refused(
                "panesPerWindow=86400000000000 of paneNs=1 in hopping(sizeNs=86400000000000, slideNs=86400000000000,"
                        + " offsetNs=0) (expected: 1 to 4096); choose slides, sizes and offsets that have a greater"
                        + " common divisor",
                Window.tumbling(1, DAYS),
                Window.tumbling(1, MINUTES).offset(1, NANOSECONDS));
    }

    @Test
    void shouldRefuseWindowsThatCannotSharePanes() {
        refused(
                "session(gapNs=10) beside others (expected: tumbling, hopping or cumulating windows); use an operator"
                        + " for each of the rest",
                Window.tumbling(1, HOURS),
                Window.session(10, NANOSECONDS));
        refused(
                "window=hopping(sizeNs=60000000000, slideNs=60000000000, offsetNs=0) twice (expected: each window"
                        + " once); leave one out",
                Window.tumbling(1, MINUTES),
                Window.tumbling(60, SECONDS));
    }

    @Test
    void shouldRefuseAggregatesThatDoNotFit() {
        refusedAggregate(
                "aggregate name=endNs (expected: each name once, and none of [startNs, endNs, window, rank,"
                        + " revision]); rename it",
                Aggregate.count("endNs"));
        refusedAggregate(
                "sum=sum(amount) of a field of typeId=" + OTHER.id()
                        + " (expected: a field of Departure(7)); take it from the type that the window is over",
                Aggregate.sum("sum").of(OTHER.field("amount")));
        refused(
                "sum=sum(name) of type=text (expected: a number of up to 64 bits with sign); a pane holds numbers, so"
                        + " text can only be counted (count, distinct); map it to a number, or keep it in the key by"
                        + " keyBy",
                AggregateSpec.named("sums")
                        .over(MIXED)
                        .window(Window.tumbling(1, HOURS))
                        .aggregate(Aggregate.sum("sum").of(MIXED.field("name"))));
        refused(
                "max=max(flags) of type=uint64 (expected: a number of up to 64 bits with sign); aggregate another"
                        + " field, or count it",
                AggregateSpec.named("sums")
                        .over(MIXED)
                        .window(Window.tumbling(1, HOURS))
                        .aggregate(Aggregate.max("max").of(MIXED.field("flags"))));
        refusedAggregate(
                "quantile=1.5 of p=quantile(idLo, 1.5) (expected: 0 to 1); 0.99 is the 99th percentile",
                Aggregate.quantile("p", 1.5).of(Arrival.VALUE));
        refusedAggregate(
                "between=5.0, 5.0 of p=quantile(idLo, 0.5) (expected: min < max, both within 2^62 of 0); say where"
                        + " the values lie",
                Aggregate.quantile("p", 0.5).of(Arrival.VALUE).between(5, 5));
        refusedAggregate(
                "precision of d=distinct(idLo)=17 (expected: 4 to 16); set bits of the register index",
                Aggregate.distinct("d").of(Arrival.VALUE).precision(17));
    }

    @Test
    void shouldTakeTextAndUnsignedNumbersToBeCounted() {
        AggregateSpec.named("sums")
                .over(MIXED)
                .window(Window.tumbling(1, HOURS))
                .aggregate(Aggregate.distinct("names").of(MIXED.field("name")))
                .aggregate(Aggregate.count("flags").of(MIXED.field("flags")))
                .build();
    }

    @Test
    void shouldRefuseWhatCannotBeRanked() {
        refused("top by=count (expected: the name of one of [sum=sum(idLo)]); rank by another", spec().top(3, "count"));
        refused("top=0 (expected: 1 to 4096); set how many keys have a row", spec().top(0, "sum"));
        refused(
                "top=3 of one key (expected: keyed tumbling, hopping or cumulating windows); leave it out: only"
                        + " windows that all keys share can rank them",
                spec().unkeyed().top(3, "sum"));
    }

    @Test
    void shouldRefuseToUpdateWhatCannotBeCorrected() {
        refused(
                "late=update 5s of count(size=3, slide=3) (expected: drop or side-output); its rows depend on the"
                        + " order of events",
                without()
                        .window(Window.count(3))
                        .aggregate(Aggregate.count("n"))
                        .late(LatePolicy.update(5, SECONDS)));
        refused(
                "late=update 5s with top (expected: drop or side-output); ranks cannot be corrected one by one",
                spec().top(3, "sum").late(LatePolicy.update(5, SECONDS)));
        refused(
                "windows of one event with late=update 5s=3600 (expected: 1 to 256); hop less",
                without()
                        .window(Window.hopping(1, HOURS, 1, SECONDS))
                        .aggregate(Aggregate.count("n"))
                        .late(LatePolicy.update(5, SECONDS)));
    }

    @Test
    void shouldRefuseLimitsOutOfRange() {
        refused("maxKeys=0 (expected: 1 to 134217728); set how many keys may be live at a time", spec().maxKeys(0));
        refused("sweepBudget=0 (expected: 1 to 65536); set keys per record", spec().sweepBudget(0));
        refused("maxPanes=0 (expected: 1 to 134217728); leave it out, or set what memory allows", spec().maxPanes(0));
        refused(
                "bytes=17056 of maxKeys=100 (3456 bytes) and maxPanes=340 of 3 cells (13600 bytes) (expected: up to"
                        + " maxBytes=17055); lower maxKeys, maxPanes or precision, or raise maxBytes",
                spec().maxPanes(340)
                        .aggregate(Aggregate.max("max").of(Arrival.VALUE))
                        .maxBytes(17_055));
    }

    @Test
    void shouldSayTheSameOfFunctionsInEveryRun() {
        String text = spec().aggregate(Aggregate.max("max").of((LongExpression) event -> event.idLo()))
                .build()
                .toString();

        assertTrue(text.contains("[sum=sum(idLo), max=max(function)]"), text);
    }

    @Test
    void shouldTakeAllBytesAllowed() {
        UnaryOperator<AggregateSpec.Builder> settings =
                builder -> builder.maxPanes(340).aggregate(Aggregate.max("max").of(Arrival.VALUE));

        assertEquals(17_056, settings.apply(spec()).maxBytes(17_056).build().bytes());
        assertTrue(settings.apply(spec()).build().bytesText().startsWith("maxKeys=100 (3456 bytes)"));
    }
}
