package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Outputs become visible whole, in order, at the flush; a freed place is not written before its reader is done. */
@JCStressTest
@Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "nothing flushed yet")
@Outcome(id = "41, -1", expect = Expect.ACCEPTABLE, desc = "the first")
@Outcome(id = "41, 42", expect = Expect.ACCEPTABLE, desc = "both, the second in the place of the first")
@Outcome(expect = Expect.FORBIDDEN, desc = "an output in part, or out of turn")
@State
public class OutputRingStressTest {
    private static final int PAYLOAD_OFFSET = 64;

    private final OutputRing outputs = new OutputRing(2, 64, new int[] {1});

    public OutputRingStressTest() {
        Event cause = MutableEvent.allocate(0).sequence(5);
        outputs.cause(cause);
    }

    /** The second output takes two places, so it has to wait for that of the first. */
    @Actor
    public void apply() {
        if (outputs.begin(0, 1)) {
            write(20, 21);
        }
        if (outputs.begin(0, 2)) {
            write(20, 22);
        }
    }

    private void write(long key, long payload) {
        outputs.claim(1, 8).key(key).buffer().putLong(PAYLOAD_OFFSET, payload);
        outputs.commit();
        outputs.flush();
    }

    @Actor
    public void emit(JJ_Result result) {
        result.r1 = take();
        result.r2 = result.r1 < 0 ? -1 : take();
    }

    private long take() {
        @Nullable MutableEvent output = outputs.peek();
        if (output == null) {
            return -1;
        }
        long sum = output.key() + output.buffer().getLong(PAYLOAD_OFFSET);
        outputs.skip();
        outputs.free();
        return sum;
    }
}
