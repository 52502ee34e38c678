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
 * SYNC has work when a record is journaled and a sync of it wanted; JOURNAL wakes it only while one is wanted. The
 * three take the steps of {@link SyncStage#whileWanted} and {@link SyncStage#request}.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "found the work, not woken")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "found nothing, woken")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "found the work, woken too")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "a lost wake-up: it sleeps beside the work")
@State
public class SyncRequestStressTest {
    private final Parker parker = new Parker(Parker.UNBOUNDED_NS);
    private final Sequence journaled = new Sequence(0);
    private volatile long requestedTicket;

    @Actor
    public void sync(JJ_Result result) {
        parker.arm();
        result.r1 = Math.min(journaled.get(), requestedTicket);
    }

    @Actor
    public void journal() {
        journaled.set(1);
        VarHandle.fullFence();
        if (requestedTicket > 0) {
            parker.signal();
        }
    }

    @Actor
    public void waiter() {
        requestedTicket = 1;
        parker.signal();
    }

    @Arbiter
    public void end(JJ_Result result) {
        result.r2 = parker.isArmed() ? 0 : 1;
    }
}
