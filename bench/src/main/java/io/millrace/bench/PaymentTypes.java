package io.millrace.bench;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Field;
import io.millrace.event.MutableEvent;
import io.millrace.event.Schema;
import io.millrace.workload.Payments;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The payments workload as event records: an SBE message of three longs behind the header, 96 bytes in all.
 *
 * <p>The id is (0, eventId), the key is the customer, the type id is the workload's type plus one.
 */
final class PaymentTypes {
    /** Bytes of a payload: the message header and three longs. */
    static final int PAYLOAD_LENGTH = 32;

    private static final long NS_PER_MS = 1_000_000;
    private static final String SOURCE = "payments.xml";

    final EventTypes types;
    final EventType attempted;
    final EventType placed;
    final EventType completed;
    final Field attemptedCard;
    final Field placedAmount;

    private final EventType[] byType;
    private final Field[] customers;
    private final Field[] cards;
    private final Field[] amounts;

    PaymentTypes() {
        Schema schema = schema();
        this.types = EventTypes.of(schema);
        this.byType = schema.types().toArray(new EventType[0]);
        this.customers = fields("customerId");
        this.cards = fields("cardNumber");
        this.amounts = fields("amountCents");
        this.attempted = byType[Payments.PAYMENT_ATTEMPTED];
        this.placed = byType[Payments.ORDER_PLACED];
        this.completed = byType[Payments.PAYMENT_COMPLETED];
        this.attemptedCard = cards[Payments.PAYMENT_ATTEMPTED];
        this.placedAmount = amounts[Payments.ORDER_PLACED];
    }

    private static Schema schema() {
        try (InputStream xml = PaymentTypes.class.getResourceAsStream(SOURCE)) {
            if (xml == null) {
                throw new IllegalStateException("missing resource: name=" + SOURCE + " (expected: in the bench jar)");
            }
            return Schema.parse(xml, SOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Field[] fields(String name) {
        Field[] fields = new Field[byType.length];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = byType[i].field(name);
        }
        return fields;
    }

    /** {@return the type id of the payment at hand} */
    int typeId(Payments payment) {
        return payment.type + 1;
    }

    /** Writes the payment at hand into an event whose header is clear. */
    void encode(Payments payment, MutableEvent event) {
        int type = payment.type;
        byType[type].encode(event);
        event.id(0, payment.eventId).key(payment.customerId).timestampNs(payment.timestampMs * NS_PER_MS);
        customers[type].putLong(event, payment.customerId);
        cards[type].putLong(event, payment.cardNumber);
        amounts[type].putLong(event, payment.amountCents);
    }
}
