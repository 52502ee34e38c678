package io.millrace;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/** Puts out a running sum of keys after each event, and as many rows as the key says when the key is over 1000. */
public class SumOperator implements Operator {
    public static final int TYPE = 60_500;
    private final String name;
    private long sum;
    private long owed;
    public RuntimeException failure;
    public long failAtKey = -1;

    public SumOperator(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int maxOutputsPerStep() {
        return 4;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        for (int i = 0; i < 4 && owed > 0; i++) {
            write(outputs, owed--);
        }
        return owed == 0;
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        if (event.key() == failAtKey) {
            throw failure;
        }
        sum += event.key();
        if (event.key() > 1000) {
            owed = event.key() - 1000;
        }
        write(outputs, sum);
    }

    private static void write(Outputs outputs, long value) {
        MutableEvent output = outputs.claim(TYPE, 0);
        output.key(value);
        outputs.commit();
    }

    @Override
    public long nextDeadlineNs() {
        return owed > 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(sum);
        writer.putLong(owed);
    }

    @Override
    public void load(StateReader reader) {
        sum = reader.getLong();
        owed = reader.getLong();
    }
}
