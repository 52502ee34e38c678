package io.millrace;

import io.millrace.ring.StageChain;
import io.millrace.ring.ThreadPlan;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Of two threads that claim first, one becomes the writer and the other is refused. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the left one")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the right one")
@Outcome(expect = Expect.FORBIDDEN, desc = "two writers, or none")
@State
public class PublisherStressTest {
    private static final PipelineContext CONTEXT =
            new PipelineContext().threadPlan(ThreadPlan.INVOKED).ringCapacity(2).outputRingCapacity(2);
    private static final StageChain CHAIN = startedChain();

    private final Publisher publisher = new Publisher(CHAIN, CONTEXT);

    private static StageChain startedChain() {
        Pipeline pipeline = Pipeline.create(CONTEXT);
        pipeline.start();
        return pipeline.chain();
    }

    @Actor
    public void left(JJ_Result result) {
        result.r1 = own();
    }

    @Actor
    public void right(JJ_Result result) {
        result.r2 = own();
    }

    /** A claim of no slots takes none of the shared ring's: the writer is told so by the exception. */
    private long own() {
        try {
            return publisher.claim(0) == Publisher.NOT_WRITER ? 0 : -1;
        } catch (IllegalArgumentException e) {
            return 1;
        }
    }
}
