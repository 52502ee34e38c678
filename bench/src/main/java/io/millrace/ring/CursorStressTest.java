package io.millrace.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** The sequence that a reader finds beside a ticket is never older than the ticket. */
@JCStressTest
@Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "nothing yet")
@Outcome(id = "-1, 10", expect = Expect.ACCEPTABLE, desc = "the sequence is ahead")
@Outcome(id = "1, 10", expect = Expect.ACCEPTABLE, desc = "both")
@Outcome(expect = Expect.FORBIDDEN, desc = "a ticket with an old sequence")
@State
public class CursorStressTest {
    private final Cursor cursor = new Cursor();

    @Actor
    public void stage() {
        cursor.advance(1, 10);
    }

    @Actor
    public void reader(JJ_Result result) {
        result.r1 = cursor.ticket();
        result.r2 = cursor.sequence();
    }
}
