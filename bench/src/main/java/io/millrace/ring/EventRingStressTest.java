package io.millrace.ring;

import io.millrace.event.MutableEvent;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Who sees a ticket as published sees all of its record. */
@JCStressTest
@Outcome(id = "-1, 0", expect = Expect.ACCEPTABLE, desc = "nothing yet")
@Outcome(id = "0, 49", expect = Expect.ACCEPTABLE, desc = "published, and whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "a record in part")
@State
public class EventRingStressTest {
    private static final int PAYLOAD_OFFSET = 64;

    private final EventRing ring = new EventRing(2, 64);

    @Actor
    public void publisher() {
        long ticket = ring.claim(1);
        MutableEvent slot = ring.slot(ticket);
        slot.clearHeader().key(42).buffer().putLong(PAYLOAD_OFFSET, 7);
        ring.publish(ticket);
    }

    @Actor
    public void stage(JJ_Result result) {
        result.r1 = ring.published();
        if (result.r1 >= 0) {
            MutableEvent slot = ring.slot(result.r1);
            result.r2 = slot.key() + slot.buffer().getLong(PAYLOAD_OFFSET);
        }
    }
}
