package io.millrace.bench;

import io.millrace.event.Event;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/** An operator with much state and no outputs, so that a snapshot has something to save; each event changes a word. */
final class BallastOperator implements Operator {
    private final long[] words;

    /** @param length of the state in bytes */
    BallastOperator(long length) {
        this.words = new long[(int) (length / Long.BYTES)];
    }

    @Override
    public String name() {
        return "ballast";
    }

    @Override
    public int maxOutputsPerStep() {
        return 0;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        return true;
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        words[(int) (event.sequence() % words.length)] = event.key();
    }

    @Override
    public long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLongs(words, 0, words.length);
    }

    @Override
    public void load(StateReader reader) {
        for (int i = 0; i < words.length; i++) {
            words[i] = reader.getLong();
        }
    }
}
