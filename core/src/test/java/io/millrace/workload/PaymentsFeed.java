package io.millrace.workload;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.HeaderField;
import io.millrace.event.MutableEvent;

/** Payments as events without a payload: what the queries ask for is in the header. */
public final class PaymentsFeed {
    public static final EventType PAYMENT_ATTEMPTED = EventType.opaque(1, "PaymentAttempted");
    public static final EventType ORDER_PLACED = EventType.opaque(2, "OrderPlaced");
    public static final EventType PAYMENT_COMPLETED = EventType.opaque(3, "PaymentCompleted");
    public static final Field AMOUNT_CENTS = HeaderField.SOURCE_ID;
    public static final Field CARD_NUMBER = HeaderField.ID_HI;

    private static final long NS_PER_MS = 1_000_000;

    private final Payments payments = new Payments(Payments.SEED);
    private final MutableEvent event = MutableEvent.allocate(0);
    private long sequence;

    /** {@return the next event, in the same view each time} */
    public MutableEvent next() {
        payments.next();
        long timestampNs = payments.timestampMs * NS_PER_MS;
        return event.sequence(sequence++)
                .id(payments.cardNumber, payments.eventId)
                .key(payments.customerId)
                .timestampNs(timestampNs)
                .ingestTimeNs(timestampNs)
                .sourceId((int) payments.amountCents)
                .typeId(payments.type + 1);
    }
}
