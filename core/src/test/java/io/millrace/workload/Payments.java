package io.millrace.workload;

/**
 * The payments workload, bit for bit: {@link #next()} makes the next event in the public fields. Allocates nothing
 * after construction.
 */
public final class Payments {
    public static final int PAYMENT_ATTEMPTED = 0;
    public static final int ORDER_PLACED = 1;
    public static final int PAYMENT_COMPLETED = 2;

    public static final long SEED = 42;
    public static final long START_MS = 1_700_002_800_000L;

    private static final int CUSTOMERS = 100_000;
    private static final int HOT_CUSTOMERS = 1_000;
    private static final int DUPLICATE_REACH = 10_000;
    private static final int FIELDS = 5;

    public long eventId;
    public int type;
    public long customerId;
    public long cardNumber;
    public long amountCents;
    public long timestampMs = START_MS;
    /** Whether it repeats an event; for checks, no part of the event. */
    public boolean isDuplicate;

    private final long seed;
    private final long[] originals = new long[DUPLICATE_REACH * FIELDS];
    private long originalCount;
    private long state;

    public Payments(long seed) {
        this.seed = seed;
        this.state = seed;
    }

    public void next() {
        long a = draw();
        long b = draw();
        if (of16(a, 0, 10) == 0) {
            timestampMs++;
        }
        isDuplicate = of16(a, 1, 100) == 0 && originalCount > 0;
        if (isDuplicate) {
            repeat(of32(b, (int) Math.min(originalCount, DUPLICATE_REACH)) * FIELDS);
        } else {
            make(a, b, draw());
        }
    }

    private void repeat(int at) {
        eventId = originals[at];
        type = (int) originals[at + 1];
        customerId = originals[at + 2];
        cardNumber = originals[at + 3];
        amountCents = originals[at + 4];
    }

    private void make(long a, long b, long c) {
        int x = of16(a, 2, 100);
        type = x < 60 ? PAYMENT_ATTEMPTED : x < 90 ? ORDER_PLACED : PAYMENT_COMPLETED;
        long key = of16(a, 3, 100) < 20 ? of32(b, HOT_CUSTOMERS) : HOT_CUSTOMERS + of32(b, CUSTOMERS - HOT_CUSTOMERS);
        customerId = key * 61_843 % CUSTOMERS;
        int card = of16(c, 0, 100) < 3 ? 1 + of16(c, 1, 49) : 0;
        cardNumber = 4_000_000_000_000_000L + customerId * 50 + card;
        amountCents = 100 + of32(c, 99_901);
        eventId = mix64(seed + originalCount);
        keep((int) (originalCount % DUPLICATE_REACH) * FIELDS);
        originalCount++;
    }

    private void keep(int at) {
        originals[at] = eventId;
        originals[at + 1] = type;
        originals[at + 2] = customerId;
        originals[at + 3] = cardNumber;
        originals[at + 4] = amountCents;
    }

    private long draw() {
        state += 0x9E3779B97F4A7C15L;
        return mix64(state);
    }

    private static int of16(long r, int i, int n) {
        return (int) ((r >>> 16 * i & 0xFFFF) * n >>> 16);
    }

    private static int of32(long r, int n) {
        return (int) ((r >>> 32) * n >>> 32);
    }

    public static long mix64(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** {@return what a row of a result adds to the result's checksum} */
    public static long rowChecksum(long a, long b, long c, long d) {
        return mix64(mix64(mix64(mix64(a) + b) + c) + d);
    }
}
