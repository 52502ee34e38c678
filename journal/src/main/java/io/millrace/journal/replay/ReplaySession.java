package io.millrace.journal.replay;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.event.EventHandler;
import io.millrace.ring.Replayer;
import java.nio.file.Path;
import java.util.function.ObjIntConsumer;

/**
 * Runs a range of accepted records again, through dedup and operators of its own. The records between the newest
 * snapshot that is old enough and the range are applied too, as the state in the range depends on them; their outputs
 * are given to nobody.
 *
 * <pre>
 *   try (ReplaySession session = ReplaySession.open(directory, context, ReplayRange.ALL, output -&gt; ...)) {
 *       session.run(ReplayPace.times(1000));        // or step by step: while (session.step()) { session.record() }
 *   }
 * </pre>
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none per record. <b>Failure</b>: {@code CorruptJournalException}
 * for damage; what an operator throws, with {@link #sequence} at its record.
 */
public final class ReplaySession implements AutoCloseable {
    private final ReplaySource source;
    private final EventHandler outputs;
    private final Replayer replayer;
    private long recordCount;
    private long outputCount;

    private ReplaySession(Path directory, PipelineContext context, ReplayRange range, EventHandler outputs) {
        this.outputs = outputs;
        this.replayer = Pipeline.replayer(context, this::onOutput);
        long firstSequence = range.firstSequence(directory);
        ReplayStart start = ReplayStart.of(directory, replayer, firstSequence);
        this.source = new ReplaySource(directory, range, start.nextSequence());
    }

    /**
     * {@return a session before the first record}
     *
     * @param directory of the data; its lock is left alone
     * @param context with operators and dedup of its own, as the records were accepted under
     * @param outputs gets the outputs of the range in order, each valid until it returns
     */
    public static ReplaySession open(Path directory, PipelineContext context, ReplayRange range, EventHandler outputs) {
        return new ReplaySession(directory, context, range, outputs);
    }

    private void onOutput(Event output) {
        if (output.idLo() >= source.firstSequence()) {
            outputCount++;
            outputs.onEvent(output);
        }
    }

    /**
     * Applies one record of the range, after all before it.
     *
     * @return false at the end of the range, or where the journal ends for now
     */
    public boolean step() {
        while (source.next()) {
            replayer.take(source.record(), source.epoch());
            if (source.isInRange()) {
                replayer.flush();
                recordCount++;
                return true;
            }
        }
        replayer.flush();
        return false;
    }

    /** Applies the rest of the range; on a live journal what there is now. {@return how many records of the range} */
    public long run(ReplayPace pace) {
        long before = recordCount;
        if (pace.isMax()) {
            replayer.takeAll(this::read);
        } else {
            runPaced(pace);
        }
        return recordCount - before;
    }

    private void read(ObjIntConsumer<Event> records) {
        while (source.next()) {
            recordCount += source.isInRange() ? 1 : 0;
            records.accept(source.record(), source.epoch());
        }
    }

    private void runPaced(ReplayPace pace) {
        while (source.next()) {
            if (source.isInRange()) {
                await(pace);
                recordCount++;
            }
            replayer.take(source.record(), source.epoch());
        }
        replayer.flush();
    }

    /** What was taken must not wait with the record that is not due. */
    private void await(ReplayPace pace) {
        if (pace.dueInNs(source.record().ingestTimeNs()) > 0) {
            replayer.flush();
            pace.await(source.record().ingestTimeNs());
        }
    }

    /** {@return the record applied by {@link #step}, valid until the next call} */
    public Event record() {
        return source.record();
    }

    /** {@return the sequence of the record applied last, -1 before the first} */
    public long sequence() {
        return replayer.sequence();
    }

    /** {@return records of the range that were applied} */
    public long recordCount() {
        return recordCount;
    }

    /** {@return outputs of the range that were given} */
    public long outputCount() {
        return outputCount;
    }

    /** {@return event time after {@link #sequence}, in nanoseconds since the epoch} */
    public long watermarkNs() {
        return replayer.watermarkNs();
    }

    /** {@return the hash over dedup, event time and all operators, as a pipeline has it after {@link #sequence}} */
    public long stateHash() {
        return replayer.stateHash();
    }

    @Override
    public void close() {
        source.close();
    }
}
