package io.millrace.ring;

import com.lmax.disruptor.Sequence;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * With a sync per interval JOURNAL signals only while SYNC has no timer running. Here SYNC has found nothing left,
 * takes the timer's flag back, arms and looks once more; the two take the steps of {@link SyncStage#whileWanted} and
 * {@link SyncStage#doWork}.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "found the record, not woken")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "found nothing, woken")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "found the record, woken too")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "a lost wake-up: it sleeps beside the record, without a timer")
@State
public class SyncIntervalStressTest {
    private final Parker parker = new Parker(Parker.UNBOUNDED_NS);
    private final Sequence journaled = new Sequence(0);
    private volatile boolean isTimed = true;

    @Actor
    public void sync(JJ_Result result) {
        isTimed = false;
        parker.arm();
        result.r1 = journaled.get();
    }

    @Actor
    public void journal() {
        journaled.set(1);
        VarHandle.fullFence();
        if (!isTimed) {
            parker.signal();
        }
    }

    @Arbiter
    public void end(JJ_Result result) {
        result.r2 = parker.isArmed() ? 0 : 1;
    }
}
