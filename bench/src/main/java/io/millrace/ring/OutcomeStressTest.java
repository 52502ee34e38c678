package io.millrace.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** An outcome that is read while its slot is used again is right or forgotten, never that of the other ticket. */
@JCStressTest
@org.openjdk.jcstress.annotations.Outcome(id = "100", expect = Expect.ACCEPTABLE, desc = "the ticket's own")
@org.openjdk.jcstress.annotations.Outcome(
        id = "-1",
        expect = Expect.ACCEPTABLE,
        desc = "forgotten, as the slot is published again")
@org.openjdk.jcstress.annotations.Outcome(expect = Expect.FORBIDDEN, desc = "another ticket's")
@State
public class OutcomeStressTest {
    private final EventRing ring = new EventRing(2, 0);

    public OutcomeStressTest() {
        ring.publish(ring.claim(2));
        ring.outcome(0, Outcome.accepted(100));
    }

    /** One thread, so that two cores are enough: ADMIT orders its write behind the publisher's by its read. */
    @Actor
    public void publisherThenAdmit() {
        ring.publish(ring.claim(1));
        if (ring.published() == 2) {
            ring.outcome(2, Outcome.accepted(200));
        }
    }

    @Actor
    public void reader(J_Result result) {
        long outcome = ring.outcome(0);
        result.r1 = outcome == Outcome.FORGOTTEN ? -1 : outcome;
    }
}
