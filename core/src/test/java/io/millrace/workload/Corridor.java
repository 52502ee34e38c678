package io.millrace.workload;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.millrace.PipelineContext;
import io.millrace.dedup.LastIds;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A short, dense stretch of payments: few keys, so that windows and patterns put out much on few events. */
public final class Corridor {
    private static final int KEY_COUNT = 25;
    private static final long NS_PER_MS = 1_000_000;

    private Corridor() {}

    /** {@return that many payments in the order of the recipe, repeated ids and all} */
    public static List<MutableEvent> events(int count) {
        PaymentsFeed feed = new PaymentsFeed();
        List<MutableEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MutableEvent event = MutableEvent.allocate(0).copyFrom(feed.next());
            events.add(event.key(event.key() % KEY_COUNT).id(event.idHi() % 3, i % 10 == 9 ? i - 5 : i));
        }
        return events;
    }

    /** Adds dedup, a window and a pattern, new ones each time. */
    public static PipelineContext operators(PipelineContext context) {
        return context.dedup(new LastIds("ids", 256))
                .operator(new WindowOperator(WindowSpec.named("orders")
                        .over(PaymentsFeed.ORDER_PLACED)
                        .value(PaymentsFeed.AMOUNT_CENTS)
                        .maxKeys(64)
                        .sweepBudget(3)
                        .size(60, MILLISECONDS)
                        .slide(5, MILLISECONDS)
                        .build()))
                .operator(new ThresholdOperator(EventPattern.named("fraud")
                        .where(count(PaymentsFeed.PAYMENT_ATTEMPTED).ge(4))
                        .where(distinct(PaymentsFeed.CARD_NUMBER).ge(2))
                        .within(20, MILLISECONDS)
                        .mode(MatchMode.EVERY_EVENT)
                        .maxKeys(64)
                        .maxEvents(1 << 12)
                        .build()))
                .epochClock(() -> Payments.START_MS * NS_PER_MS);
    }

    /** {@return what makes two outputs identical: identity, type, key, event time and payload} */
    public static String describe(Event output) {
        byte[] payload = new byte[output.payloadLength()];
        output.buffer().getBytes(Event.HEADER_LENGTH, payload);
        return Long.toHexString(output.idHi()) + ':' + output.idLo() + " type=" + output.typeId() + " key="
                + output.key() + " at=" + output.timestampNs() + ' '
                + HexFormat.of().formatHex(payload);
    }

    /** {@return the same without the epoch} */
    public static String describeWithoutEpoch(Event output) {
        String whole = describe(output);
        return Long.toHexString(output.idHi() & 0xFFFF_FFFF_FFFFL) + whole.substring(whole.indexOf(':'));
    }
}
