package io.millrace.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaymentsTest {
    private final Payments payments = new Payments(Payments.SEED);

    @Test
    void shouldBeginAsTheRecipeSays() {
        payments.next();

        assertEquals(-6387817139659442654L, payments.eventId);
        assertEquals(Payments.PAYMENT_ATTEMPTED, payments.type);
        assertEquals(79533, payments.customerId);
        assertEquals(4000000003976650L, payments.cardNumber);
        assertEquals(27932, payments.amountCents);
        assertEquals(Payments.START_MS, payments.timestampMs);
    }

    @Test
    void shouldGiveTheFingerprintOfTheFirstMillion() {
        int[] typeCounts = new int[3];
        int duplicateCount = 0;
        long fingerprint = 0;
        for (int i = 0; i < 1_000_000; i++) {
            payments.next();
            typeCounts[payments.type]++;
            duplicateCount += payments.isDuplicate ? 1 : 0;
            fingerprint = fingerprint(fingerprint);
        }

        assertEquals("59c7ff7853335796", Long.toHexString(fingerprint));
        assertEquals(599659, typeCounts[Payments.PAYMENT_ATTEMPTED]);
        assertEquals(300540, typeCounts[Payments.ORDER_PLACED]);
        assertEquals(99801, typeCounts[Payments.PAYMENT_COMPLETED]);
        assertEquals(10029, duplicateCount);
        assertEquals(Payments.START_MS + 100204, payments.timestampMs);
    }

    /** Over the 64 bytes of the wire form: five longs, the type, two longs of zero. */
    private long fingerprint(long before) {
        long[] longs = {
            payments.eventId,
            payments.customerId,
            payments.cardNumber,
            payments.amountCents,
            payments.timestampMs,
            payments.type,
            0,
            0
        };
        long p = before;
        for (long x : longs) {
            p = Payments.mix64(p * 31 + x);
        }
        return p;
    }
}
