package io.millrace.ring;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import java.util.Arrays;

/**
 * Those who wait for something to move on. It is also what a Disruptor ring calls at each publish; the ring's own
 * waiting is not used: stages poll, and wait as their thread does.
 *
 * <p><b>Threading</b>: {@link #add} before the threads start, {@link #signalAllWhenBlocking} from the thread that moves
 * on.
 */
final class Wakeups implements com.lmax.disruptor.WaitStrategy {
    private Wakeable[] waiting = {};

    void add(Wakeable wait) {
        if (!Arrays.asList(waiting).contains(wait)) {
            waiting = Arrays.copyOf(waiting, waiting.length + 1);
            waiting[waiting.length - 1] = wait;
        }
    }

    @Override
    public void signalAllWhenBlocking() {
        for (Wakeable wait : waiting) {
            wait.signal();
        }
    }

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier) {
        throw new UnsupportedOperationException("stages poll: nothing waits on the ring itself");
    }
}
