package io.millrace.workload;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.millrace.pattern.Pattern;

/** The pattern of Q4. */
public final class PaymentsPatterns {
    private PaymentsPatterns() {}

    /** {@return each large attempt, the first order after it and the first completion after that, within 60 s} */
    public static Pattern paidLate() {
        return Pattern.begin("attempt")
                .where(PaymentsFeed.PAYMENT_ATTEMPTED, "sourceId >= 90001")
                .followedBy("order")
                .where(PaymentsFeed.ORDER_PLACED)
                .followedBy("completion")
                .where(PaymentsFeed.PAYMENT_COMPLETED)
                .within(60, SECONDS)
                .named("paid")
                .build();
    }
}
