package io.millrace.ring;

import com.lmax.disruptor.Sequence;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A thread that arms and then looks either finds the work or is woken: first its look, then whether it was woken. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "found the work, not woken")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "found nothing, woken")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "found the work, woken too")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "a lost wake-up: it sleeps beside the work")
@State
public class ParkerStressTest {
    private final Parker parker = new Parker(Parker.UNBOUNDED_NS);
    private final Sequence cursor = new Sequence(0);

    @Actor
    public void waiter(JJ_Result result) {
        parker.arm();
        result.r1 = cursor.get();
    }

    @Actor
    public void stage() {
        cursor.set(1);
        parker.signal();
    }

    @Arbiter
    public void end(JJ_Result result) {
        result.r2 = parker.isArmed() ? 0 : 1;
    }
}
