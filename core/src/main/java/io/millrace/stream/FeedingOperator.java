package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;
import java.util.List;

/**
 * An operator whose outputs also go into streams, by {@link StreamBuilder#from(FeedingOperator, EventType)}: the
 * matches of a pattern, say. To all others it is as if it were that operator.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none.
 */
public final class FeedingOperator implements Operator {
    private final Operator inner;
    private final FedOutputs fedOutputs = new FedOutputs();
    private Feed[] feeds = {};
    private int[] typeIds = {};

    /** Has the outputs of an operator go into streams too. */
    public FeedingOperator(Operator inner) {
        this.inner = inner;
    }

    void add(Feed feed, EventType type) {
        int count = feeds.length;
        feeds = Arrays.copyOf(feeds, count + 1);
        feeds[count] = feed;
        typeIds = Arrays.copyOf(typeIds, count + 1);
        typeIds[count] = type.id();
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public List<Operator> operators() {
        return List.of(inner);
    }

    @Override
    public List<EventType> outputTypes() {
        return inner.outputTypes();
    }

    @Override
    public int maxOutputsPerStep() {
        return inner.maxOutputsPerStep();
    }

    @Override
    public long bytes() {
        return inner.bytes();
    }

    @Override
    public boolean accepts(Event event) {
        return inner.accepts(event);
    }

    @Override
    public boolean needsOrder() {
        return inner.needsOrder();
    }

    @Override
    public long touch(Event event) {
        return inner.touch(event);
    }

    @Override
    public long nextDeadlineNs() {
        return inner.nextDeadlineNs();
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        if (!inner.advanceTo(watermarkNs, idle, fedOutputs.to(outputs))) {
            return false;
        }
        long outputWatermarkNs = inner.nextDeadlineNs() == Long.MIN_VALUE ? Long.MIN_VALUE : watermarkNs;
        for (Feed feed : feeds) {
            feed.settle(outputWatermarkNs);
        }
        return true;
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        inner.onEvent(event, fedOutputs.to(outputs));
    }

    @Override
    public void save(StateWriter writer) {
        inner.save(writer);
    }

    @Override
    public void load(StateReader reader) {
        inner.load(reader);
    }

    /** Gives each output to the feeds of its type, then where it belongs. */
    private final class FedOutputs implements Outputs {
        private Outputs target = this;
        private MutableEvent output = new MutableEvent();

        Outputs to(Outputs newTarget) {
            target = newTarget;
            return this;
        }

        @Override
        public MutableEvent claim(int typeId, int payloadLength) {
            output = target.claim(typeId, payloadLength);
            return output;
        }

        @Override
        public void commit() {
            for (int i = 0; i < feeds.length; i++) {
                if (output.typeId() == typeIds[i]) {
                    feeds[i].onEvent(output);
                }
            }
            target.commit();
        }

        @Override
        public long causeSequence() {
            return target.causeSequence();
        }
    }
}
