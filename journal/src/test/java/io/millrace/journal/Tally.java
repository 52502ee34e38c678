package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/** Puts out a running sum of the keys after each event, and as many more rows as the key says modulo 3. */
final class Tally implements Operator {
    static final int OUTPUT_TYPE_ID = 60_500;

    private final String name;
    private long sum;
    /** Key at which it throws. */
    long failAtKey = -1;

    Tally(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int maxOutputsPerStep() {
        return 3;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        return true;
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        sum += event.key();
        for (int i = 0; i <= event.key() % 3; i++) {
            MutableEvent output = outputs.claim(OUTPUT_TYPE_ID, 0);
            output.key(sum).timestampNs(event.timestampNs());
            outputs.commit();
            if (event.key() == failAtKey) {
                throw new IllegalStateException("planted at key " + failAtKey);
            }
        }
    }

    @Override
    public long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(sum);
    }

    @Override
    public void load(StateReader reader) {
        sum = reader.getLong();
    }
}
