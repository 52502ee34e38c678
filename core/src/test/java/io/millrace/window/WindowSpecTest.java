package io.millrace.window;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.event.EventType;
import io.millrace.event.Schema;
import io.millrace.workload.Arrival;
import org.junit.jupiter.api.Test;

class WindowSpecTest {
    private static final EventType RESULT = Schema.outputs().types().get(0);

    private static WindowSpec.Builder delays() {
        return WindowSpec.named("delays")
                .over(Arrival.TYPE)
                .value(Arrival.VALUE)
                .size(3, HOURS)
                .slide(30, MINUTES);
    }

    private static void assertRefused(WindowSpec.Builder builder, String expected) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals("cannot build window " + expected, e.getMessage());
    }

    @Test
    void shouldTumbleWhenNoSlideIsGiven() {
        WindowSpec spec = WindowSpec.named("delays")
                .over(Arrival.TYPE)
                .value(Arrival.VALUE)
                .size(1, HOURS)
                .build();

        assertEquals(spec.sizeNs(), spec.slideNs());
    }

    @Test
    void shouldHaveRoomForEachPaneOfEachKeyUnlessThatIsTooMuch() {
        assertEquals(1000 * (6 + 1), delays().maxKeys(1000).build().maxPanes());
        assertEquals(400_000 * (6 + 1), delays().maxKeys(400_000).build().maxPanes(), "in columns");
        assertEquals(1 << 23, delays().maxKeys(1 << 21).build().maxPanes());
        assertEquals(
                1 << 22,
                delays().maxKeys(1 << 20)
                        .withoutExtremes()
                        .slide(5, MINUTES)
                        .build()
                        .maxPanes());
        assertEquals(17, delays().maxPanes(17).build().maxPanes());
    }

    @Test
    void shouldTakeOffsetsOfAnySignModuloSlide() {
        assertEquals(MINUTES.toNanos(20), delays().offset(-10, MINUTES).build().offsetNs());
        assertEquals(MINUTES.toNanos(10), delays().offset(40, MINUTES).build().offsetNs());
    }

    @Test
    void shouldRefuseMissingParts() {
        assertRefused(
                WindowSpec.named(" ").over(Arrival.TYPE), " : name=  (expected: not blank); give the window a name");
        assertRefused(WindowSpec.named("w"), "w: type=null (expected: an event type); call over(type)");
        assertRefused(
                WindowSpec.named("w").over(Arrival.TYPE),
                "w: field=null (expected: an integer field of Departure(7)); call value(field)");
    }

    @Test
    void shouldRefuseFieldsItCannotAggregate() {
        assertRefused(
                delays().value(RESULT.field("sum")),
                "delays: field=sum of typeId=60001 (expected: a field of Departure(7));"
                        + " take it from the type that the window is over");
        assertRefused(
                delays().over(RESULT).value(RESULT.field("avg")),
                "delays: field=avg, type=double (expected: an integer);"
                        + " aggregate a whole number of the smallest unit, such as cents");
    }

    @Test
    void shouldRefuseDurationsThatMakeNoWindow() {
        assertRefused(
                delays().size(0, SECONDS),
                "delays: sizeNs=0 (expected: 1 to 576460752303423488); set size to a positive duration");
        assertRefused(
                delays().size(10_000, DAYS),
                "delays: sizeNs=864000000000000000 (expected: 1 to 576460752303423488);"
                        + " set size to a positive duration");
        assertRefused(
                delays().slide(-1, SECONDS),
                "delays: slideNs=-1000000000 (expected: 1 to 576460752303423488); set slide to a positive duration");
        assertRefused(
                delays().slide(4, HOURS),
                "delays: slideNs=14400000000000 (expected: 1 to sizeNs=10800000000000);"
                        + " a longer slide would lose the events between windows; filter them out instead");
    }

    @Test
    void shouldRefuseMorePanesThanTheLimit() {
        assertEquals(
                4096,
                delays().size(4096, NANOSECONDS).slide(1, NANOSECONDS).build().grid().panesPerWindow);
        assertRefused(
                delays().size(4097, NANOSECONDS).slide(2, NANOSECONDS),
                "delays: panesPerWindow=4097 of paneNs=gcd(sizeNs=4097, slideNs=2)=1 (expected: 1 to 4096);"
                        + " choose a slide that divides the size, or a longer one");
    }

    @Test
    void shouldRefuseBoundsOutOfRange() {
        assertRefused(
                delays().maxKeys(0),
                "delays: maxKeys=0 (expected: 1 to 134217728); set how many keys may be live at a time");
        assertRefused(
                delays().maxKeys((1 << 27) + 1),
                "delays: maxKeys=134217729 (expected: 1 to 134217728); set how many keys may be live at a time");
        assertRefused(
                delays().maxPanes(0),
                "delays: maxPanes=0 (expected: 1 to 134217728); leave it out, or set what memory allows");
        assertRefused(
                delays().sweepBudget(0),
                "delays: sweepBudget=0 (expected: 1 to 65536); set how many keys are done per record");
    }
}
