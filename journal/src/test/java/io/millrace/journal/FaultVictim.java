package io.millrace.journal;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.Publisher;
import io.millrace.dedup.LastIds;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.ring.Fault;
import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.PipelineFailedException;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that faults happen to: writes events into a data directory and says on its output how far it has come.
 * What it said is judged, so it says nothing before it is so.
 *
 * <pre>
 *   ready SEQUENCE                     recovered, this sequence is next
 *   J|S COUNTER SEQUENCE COUNT NS      events from this counter on have the sequences from this one on and are
 * journaled
 *                                      or synced; NS is the monotone clock behind that
 *   low NS, room NS                    no room for more; there is room again
 *   failed EXITCODE MESSAGE            the end, at once
 *   hash HASH                          of a pipeline's state, when all is done
 *   done                               the end, closed in peace
 * </pre>
 *
 * Arguments are {@code name=value}: {@code directory}; {@code mode} log (the journal alone) or pipeline; {@code level}
 * journaled or synced; {@code producer}, {@code from}, {@code count}: which events; {@code batch}, {@code payload},
 * {@code segment}, {@code block}: lengths and counts; {@code pauseUs} between batches; {@code snapshots} after so many
 * events; {@code clock} steps in ns; {@code verify} all frames at the start, or those behind the newest snapshot.
 */
final class FaultVictim {
    private static final long TIMEOUT_NS = 20_000_000_000L;
    private static final long ROOM_INTERVAL_NS = 1_000_000;
    private static final int MAX_OUTSTANDING_COUNT = 256;

    private final Map<String, String> options;
    private final long producer;
    private final long end;
    private final int batchCount;
    private final int maxPayloadLength;
    private final Level level;
    private final StringBuilder line = new StringBuilder();
    private long counter;

    private FaultVictim(Map<String, String> options) {
        this.options = options;
        producer = number("producer", 1);
        counter = number("from", 0);
        end = counter + number("count", Long.MAX_VALUE / 2);
        batchCount = (int) number("batch", 7);
        maxPayloadLength = (int) number("payload", 200);
        level = Level.valueOf(options.getOrDefault("level", "synced").toUpperCase(java.util.Locale.ROOT));
    }

    public static void main(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        for (String argument : arguments) {
            int at = argument.indexOf('=');
            options.put(argument.substring(0, at), argument.substring(at + 1));
        }
        int exitCode = new FaultVictim(options).run();
        System.out.flush();
        // What is still open stays so: a failed product does not tidy up.
        Runtime.getRuntime().halt(exitCode);
    }

    private int run() {
        try (Journal journal = Journal.open(context())) {
            if (options.getOrDefault("mode", "log").equals("log")) {
                say("ready " + journal.nextSequence());
                writeLog(journal);
            } else {
                writePipeline(journal);
            }
        } catch (Throwable e) {
            int exitCode = exitCode(e);
            say("failed " + exitCode + ' ' + causes(e));
            Runtime.getRuntime().halt(exitCode);
        }
        say("done");
        return 0;
    }

    private JournalContext context() {
        int block = (int) number("block", JournalContext.MIN_BLOCK_LENGTH);
        return new JournalContext()
                .directory(Path.of(options.get("directory")))
                .verifyAll(options.getOrDefault("verify", "snapshot").equals("all"))
                .blockLength(block)
                .segmentLength(number("segment", block))
                .frameLength(1 << 13);
    }

    /** The journal alone: append, commit, output, sync, all on this thread. */
    private void writeLog(Journal journal) {
        FrameLog log = journal.journal();
        MutableEvent event = MutableEvent.allocate(maxPayloadLength);
        MutableEvent output = MutableEvent.allocate(16);
        log.start();
        journal.outbox().start();
        while (counter < end) {
            awaitRoom(log);
            long first = counter;
            long sequence = log.nextSequence();
            for (int i = 0; i < batchCount && counter < end; i++) {
                FaultEvents.fill(event, producer, counter, maxPayloadLength);
                Events.append(log, event.sequence(sequence + i));
                counter++;
            }
            log.commit();
            acknowledge('J', first, sequence, counter - first);
            for (long cause = sequence; cause < sequence + counter - first; cause++) {
                Events.append(journal.outbox(), Events.output(output, cause, 0));
            }
            journal.outbox().commit();
            if (level == Level.SYNCED) {
                log.sync();
                acknowledge('S', first, sequence, counter - first);
            }
            pause();
        }
    }

    private void awaitRoom(FrameLog log) {
        if (log.isStorageLow()) {
            say("low " + System.nanoTime());
            while (log.isStorageLow()) {
                LockSupport.parkNanos(ROOM_INTERVAL_NS);
            }
            say("room " + System.nanoTime());
        }
    }

    /** The whole pipeline, with deduplication, an operator, an outbox and a thread for each stage. */
    private void writePipeline(Journal journal) {
        PipelineContext context = new PipelineContext()
                .store(journal)
                .gate(level)
                .ringCapacity(1 << 10)
                .maxPayloadLength(maxPayloadLength)
                .dedup(new LastIds("ids", 1 << 16))
                .operator(new Sum())
                .threadPlan(ThreadPlan.FUSED)
                .waitStrategy("park")
                .snapshots(new SnapshotPolicy(number("snapshots", 0), 0, 0));
        if (options.containsKey("clock")) {
            context.epochClock(new JumpingClock(number("clock", 0)));
        }
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.start();
            say("ready " + journal.nextSequence());
            long[] tickets = new long[MAX_OUTSTANDING_COUNT];
            long unanswered = counter;
            while (unanswered < end) {
                int room = MAX_OUTSTANDING_COUNT - (int) (counter - unanswered);
                for (int i = 0; i < Math.min(batchCount, room) && counter < end; i++) {
                    tickets[(int) (counter % MAX_OUTSTANDING_COUNT)] = publish(pipeline);
                    counter++;
                }
                unanswered = answer(pipeline, tickets, unanswered);
                pause();
            }
            pipeline.awaitDrained(TIMEOUT_NS);
            say("hash " + pipeline.stateHash());
        }
    }

    private long publish(Pipeline pipeline) {
        Publisher publisher = pipeline.publisher();
        MutableEvent event = MutableEvent.allocate(maxPayloadLength);
        FaultEvents.fill(event, producer, counter, maxPayloadLength);
        boolean isLow = false;
        long ticket;
        while ((ticket = publisher.publish(event)) < 0) {
            if (ticket == Publisher.FAILED) {
                throw failure(pipeline);
            }
            if (ticket == Publisher.STORAGE_LOW && !isLow) {
                say("low " + System.nanoTime());
                isLow = true;
            }
            LockSupport.parkNanos(ROOM_INTERVAL_NS);
        }
        if (isLow) {
            say("room " + System.nanoTime());
        }
        return ticket;
    }

    /** Says what is known of the oldest tickets: waits for the first, takes those behind it that are there too. */
    private long answer(Pipeline pipeline, long[] tickets, long from) {
        long next = from;
        for (long timeoutNs = TIMEOUT_NS; next < counter; timeoutNs = 0, next++) {
            long outcome = pipeline.awaitLevel(tickets[(int) (next % MAX_OUTSTANDING_COUNT)], level, timeoutNs);
            if (outcome == Outcome.FAILED) {
                throw failure(pipeline);
            }
            if (outcome == Outcome.TIMED_OUT) {
                if (timeoutNs == 0) {
                    return next;
                }
                throw new IllegalStateException("hangs: counter=" + next);
            }
            if (!Outcome.isAccepted(outcome) && !Outcome.isDuplicate(outcome)) {
                throw new IllegalStateException(Outcome.describe(outcome));
            }
            if (Outcome.sequence(outcome) >= 0) {
                acknowledge(level == Level.SYNCED ? 'S' : 'J', next, Outcome.sequence(outcome), 1);
            }
        }
        return next;
    }

    private static RuntimeException failure(Pipeline pipeline) {
        Fault fault = pipeline.fault();
        if (fault == null) {
            return new IllegalStateException("failed without a fault");
        }
        return new IllegalStateException(fault.message(), fault.cause());
    }

    private void acknowledge(char what, long first, long sequence, long count) {
        line.setLength(0);
        line.append(what).append(' ').append(first).append(' ').append(sequence);
        line.append(' ').append(count).append(' ').append(System.nanoTime());
        say(line.toString());
    }

    private void pause() {
        long pauseUs = number("pauseUs", 0);
        if (pauseUs > 0) {
            LockSupport.parkNanos(1000 * pauseUs);
        }
    }

    private long number(String name, long usual) {
        String value = options.get(name);
        return value == null ? usual : Long.parseLong(value);
    }

    private static String causes(Throwable thrown) {
        StringBuilder text = new StringBuilder(thrown.toString());
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            text.append(" <- ").append(cause);
        }
        return text.toString();
    }

    private static int exitCode(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof JournalException e) {
                return e.exitCode();
            }
            if (cause instanceof PipelineFailedException && cause.getCause() == null) {
                return JournalException.EXIT_INTERNAL;
            }
        }
        return JournalException.EXIT_INTERNAL;
    }

    private static synchronized void say(String text) {
        System.out.println(text);
    }

    /** A clock that now and then jumps back or ahead. */
    private static final class JumpingClock implements org.agrona.concurrent.EpochNanoClock {
        private final long stepNs;
        private long callCount;

        JumpingClock(long stepNs) {
            this.stepNs = stepNs;
        }

        @Override
        public long nanoTime() {
            long direction = callCount++ / 50 % 3 - 1;
            return 1_700_000_000_000_000_000L + callCount * 1000 + direction * stepNs;
        }
    }

    /** Puts out the running sum of the keys. */
    private static final class Sum implements Operator {
        private static final int OUTPUT_TYPE_ID = 8;

        private long sum;

        @Override
        public String name() {
            return "sum";
        }

        @Override
        public int maxOutputsPerStep() {
            return 1;
        }

        @Override
        public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
            return true;
        }

        @Override
        public void onEvent(Event event, Outputs outputs) {
            sum += event.key();
            MutableEvent output = outputs.claim(OUTPUT_TYPE_ID, 0);
            output.key(sum);
            outputs.commit();
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
}
