package io.millrace.ring;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Parked events that come back to subscribers, on the thread of EMIT, one in a duty cycle, between live events.
 *
 * <p><b>Threading</b>: {@link #offer} from any thread, the rest from that of EMIT. <b>Allocation</b>: none while
 * nothing comes back.
 */
final class Redeliveries {
    private static final int CAPACITY = 64;

    private final ManyToOneConcurrentArrayQueue<Redelivery> queue = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private final List<Subscription> subscriptions;
    private final int attempts;
    private final DeadLetters deadLetters;
    private final StageProbe probe;

    Redeliveries(List<Subscription> subscriptions, int attempts, DeadLetters deadLetters, StageProbe probe) {
        this.subscriptions = subscriptions;
        this.attempts = attempts;
        this.deadLetters = deadLetters;
        this.probe = probe;
    }

    /** Looks up what is parked of the handlers that asked for order. */
    void start() {
        Map<String, ParkedKeys> byHandler = new HashMap<>();
        for (Subscription subscription : subscriptions) {
            if (subscription.maxParkedCount() > 0) {
                byHandler.computeIfAbsent(subscription.name(), name -> parkedKeys(subscription));
            }
        }
        subscriptions.forEach(subscription -> subscription.parkedKeys(byHandler.get(subscription.name())));
    }

    private ParkedKeys parkedKeys(Subscription subscription) {
        ParkedKeys parked = new ParkedKeys(subscription.maxParkedCount());
        deadLetters.forEachParkedKey(subscription.name(), parked::add);
        return parked;
    }

    /** {@return false if there is no room now} */
    boolean offer(Redelivery redelivery) {
        return queue.offer(redelivery);
    }

    /** {@return how many parked events came back, 0 or 1} */
    int doWork() {
        Redelivery next = queue.poll();
        if (next == null) {
            return 0;
        }
        Subscription handler = handler(next);
        if (next.isGivenUp()) {
            if (handler != null) {
                handler.released(next.event().key());
            }
        } else if (handler == null) {
            refuse(next);
        } else {
            handler.redeliver(next.event(), next.place(), attempts, deadLetters, probe);
        }
        return 1;
    }

    private @Nullable Subscription handler(Redelivery next) {
        for (Subscription subscription : subscriptions) {
            if (subscription.name().equals(next.handler())
                    && subscription.typeId() == next.event().typeId()) {
                return subscription;
            }
        }
        return null;
    }

    private void refuse(Redelivery next) {
        try {
            deadLetters.failedAgain(
                    next.place(),
                    new IllegalStateException("cannot redrive: no subscriber name=" + next.handler() + " takes typeId="
                            + next.event().typeId()),
                    0);
        } catch (RuntimeException e) {
            probe.handlerHalted(e);
        }
    }
}
