package io.millrace.journal.replay;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.Journal;
import io.millrace.journal.LogKind;
import io.millrace.ring.Replayer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Replays the newest records of a journal into dedup and operators that are thrown away afterwards, so that the code
 * of the message path is compiled before a pipeline says that it is ready. What it gives means nothing: it begins
 * without the state that was before.
 *
 * <pre>
 *   context.warmUp(new WarmUp(journal, () -&gt; settings with operators of their own, 200_000));
 * </pre>
 */
public final class WarmUp implements Runnable {
    private final Journal journal;
    private final Supplier<PipelineContext> contexts;
    private final long recordCount;

    /**
     * Replays nothing yet.
     *
     * @param recordCount the most records to replay, at least 0
     */
    public WarmUp(Journal journal, Supplier<PipelineContext> contexts, long recordCount) {
        this.journal = journal;
        this.contexts = contexts;
        this.recordCount = recordCount;
    }

    @Override
    public void run() {
        long from = Math.max(0, journal.nextSequence() - recordCount);
        if (from < journal.nextSequence()) {
            Replayer replayer = Pipeline.replayer(contexts.get(), WarmUp::ignore);
            replayer.takeAll(records -> read(from, records));
        }
    }

    private void read(long from, ObjIntConsumer<Event> records) {
        Event record = new Event();
        try (FrameReader reader = journal.reader(LogKind.JOURNAL)) {
            reader.seekSequence(from);
            while (reader.nextRecord(record)) {
                records.accept(record, reader.frame().epoch());
            }
        }
    }

    private static void ignore(Event output) {
        // Live has given it.
    }
}
