package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.ring.ControlRecord;
import io.millrace.ring.EventLog;
import io.millrace.ring.EventStore;
import io.millrace.ring.RecordReader;
import io.millrace.ring.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * A data directory: the journal of accepted events, the outbox of outputs, and what recovery made of them.
 *
 * <pre>
 *   try (Journal journal = Journal.open(new JournalContext().directory(path))) {
 *       journal.replay((event, epoch) -&gt; ...);          // what earlier starts left
 *       journal.journal().start();               // on the thread that appends
 *   }
 * </pre>
 *
 * <p>{@link #open} takes the lock, verifies the frames of both logs from the newest snapshot on that fits them (all
 * without one, or if {@link JournalContext#verifyAll} says so), puts aside what a crash tore, and begins a new start.
 * If anything else is wrong it throws and has changed nothing. What lies before is verified when it is read.
 *
 * <p><b>Threading</b>: {@link #open}, {@link #replay} and {@link #close} from one thread at a time; the logs as
 * {@link EventLog} says, and closed when nobody appends any more.
 */
public final class Journal implements EventStore {
    /** How much longer than the event may be what a dead letter says about it, in bytes. */
    public static final int MAX_DEAD_LETTER_OVERHEAD = 4096;

    /** The listener is told of every so many records that are replayed. */
    private static final int REPLAY_MASK = 0xFFFF;

    private final JournalContext context;
    private final DirectoryLock lock;
    private final Housekeeping housekeeping;
    private final FrameLog journal;
    private final EventLog outbox;
    private final Recovery recovery;
    private final JournalSnapshots snapshots;
    private final SnapshotWitness witness;
    private final long lastOutputIdHi;
    private final long lastOutputIdLo;
    private final StorageWatch watch;
    private volatile @Nullable FrameLog deadLetters;
    private volatile boolean isOutboxFull;
    private volatile @Nullable Supplier<RetentionFloor> lettersNeeded;
    private final List<String> warnings;
    private OpenFile openFile;
    private boolean isClosed;

    private Journal(JournalContext context, DirectoryLock lock, Restart restart, List<String> warnings) {
        this.context = context;
        this.warnings = warnings;
        this.lock = lock;
        recovery = restart.recovery();
        openFile = restart.openFile();
        witness = new SnapshotWitness(context.directory());
        snapshots = new JournalSnapshots(context, openFile.journalId(), recovery, this::pruneSoon);
        lastOutputIdHi = restart.outbox().lastIdHi();
        lastOutputIdLo = restart.outbox().lastIdLo();
        Ballast ballast = new Ballast(context.directory(), context.ballastLength());
        housekeeping = new Housekeeping(new MonotoneClock(context.clock()), ballast);
        journal = restart.log(LogKind.JOURNAL, context.lengths(), housekeeping);
        outbox = context.outbox() ? restart.log(LogKind.OUTBOX, context.lengths(), housekeeping) : new DiscardingLog();
        restart.giveBackRest(housekeeping);
        watch = new StorageWatch(context.directory(), this::logs, ballast, context.storageListener());
        housekeeping.repeat(watch::look, StorageWatch.PERIOD_MS);
    }

    /**
     * Opens a data directory, new or left by an earlier process.
     *
     * @throws CorruptJournalException if data is damaged or missing
     * @throws DirectoryHeldException if a process has the directory
     * @throws JournalException if a setting or JVM flag is wrong, or the file system refuses
     */
    public static Journal open(JournalContext context) {
        context.conclude();
        ChronicleSettings.apply();
        ChronicleSettings.requireJvmFlags();
        Path directory = context.directory();
        try {
            Directories.create(directory);
            List<String> warnings = FileSystemCheck.check(directory);
            DirectoryLock lock = DirectoryLock.acquire(directory);
            try {
                return new Journal(
                        context,
                        lock,
                        Restart.of(directory, context.verifiesAll(), context.recoveryListener()),
                        warnings);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot open journal: directory=" + directory, e);
        }
    }

    @Override
    public FrameLog journal() {
        return journal;
    }

    @Override
    public EventLog outbox() {
        return outbox;
    }

    /**
     * {@return the log of dead letters, recovered like the others when first asked for; it takes records of
     * {@link #MAX_DEAD_LETTER_OVERHEAD} bytes more than the journal, and starts itself}
     */
    public synchronized FrameLog deadLetters() {
        if (deadLetters == null) {
            deadLetters = Ballast.orRelease(context.directory(), this::beginDeadLetters);
        }
        return deadLetters;
    }

    /** {@return a reader before the first frame of a log of this journal, its own start included} */
    public FrameReader reader(LogKind kind) {
        return FrameReader.open(context.directory(), kind);
    }

    @Override
    public RecordReader reader(long fromSequence) {
        return new JournalRecords(context.directory(), fromSequence);
    }

    /** {@return what is not as it should be for a journal, though it was opened: about its file system} */
    public List<String> warnings() {
        return warnings;
    }

    /** {@return what opening found and did} */
    public Recovery recovery() {
        return recovery;
    }

    /**
     * Removes what a policy does not keep of a log and nothing needs, see {@link Retention}. Any thread may call it, at
     * any time.
     *
     * @param needed what others need of the log, beside snapshots and sinks
     * @return what was removed and what was kept, and why
     */
    public RetentionPlan prune(LogKind kind, RetentionPolicy policy, List<RetentionFloor> needed) {
        // Not the journal's own monitor: close waits in it for the thread that may be here.
        synchronized (witness) {
            long nowNs = housekeeping.clock().nanoTime();
            RetentionPlan plan = Retention.plan(context.directory(), kind, policy, needed, nowNs, witness);
            Retention.prune(plan);
            return plan;
        }
    }

    /** Sets who says from which dead letter on they are needed; without it they are never pruned. */
    public void lettersNeeded(Supplier<RetentionFloor> floor) {
        lettersNeeded = floor;
    }

    /** {@return the settings it was opened with} */
    public JournalContext context() {
        return context;
    }

    /** {@return how much room is left, as of a second ago; any thread may ask} */
    public StorageState storage() {
        return watch.state();
    }

    @Override
    public void replay(long fromSequence, ObjIntConsumer<Event> consumer) {
        Event view = new Event();
        try (FrameReader reader = FrameReader.open(context.directory(), LogKind.JOURNAL, fromSequence)) {
            for (long sequence = fromSequence; sequence < recovery.nextSequence(); sequence++) {
                if (!reader.nextRecord(view)) {
                    throw new CorruptJournalException(
                            reader.file(), reader.offset(), sequence, "journal: records that were there are missing");
                }
                if (sequence == fromSequence && view.sequence() != sequence) {
                    throw beginsLater(sequence, view.sequence());
                }
                consumer.accept(view, reader.frame().epoch());
                if ((sequence & REPLAY_MASK) == 0) {
                    tellReplayed(fromSequence, sequence);
                }
            }
        }
    }

    private void tellReplayed(long fromSequence, long sequence) {
        double share = (double) (sequence - fromSequence) / (recovery.nextSequence() - fromSequence);
        context.recoveryListener().onProgress(RecoveryListener.Step.REPLAY, sequence, share);
    }

    /** To replay what is left onto the state before all would give other outputs, which the outbox would keep. */
    private JournalException beginsLater(long sequence, long first) {
        String what = "the journal begins at sequence=" + first + " (expected: " + sequence
                + "), what was before is pruned and no snapshot that fits stands for it"
                + (snapshots.passedOver().isEmpty() ? "" : ", passed over: " + snapshots.passedOver());
        if (snapshots.isAnyOfOtherSettings()) {
            return new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot recover: " + what + "; start with the configuration of then",
                    null);
        }
        Path log = context.directory().resolve(LogKind.JOURNAL.directoryName());
        return new CorruptJournalException(log.resolve(StartFrame.FIRST_FILE_NAME), 0, sequence, what);
    }

    @Override
    public long nextSequence() {
        return recovery.nextSequence();
    }

    @Override
    public long lastOutputIdHi() {
        return lastOutputIdHi;
    }

    @Override
    public long lastOutputIdLo() {
        return lastOutputIdLo;
    }

    @Override
    public boolean isOutboxFull() {
        return isOutboxFull;
    }

    /** Has publishers refused, or not any more; whoever watches the sinks calls it. */
    public void outboxFull(boolean isFull) {
        isOutboxFull = isFull;
    }

    @Override
    public List<ControlRecord> controls() {
        return JournalControls.read(context.directory());
    }

    @Override
    public SnapshotStore snapshots() {
        return snapshots;
    }

    @Override
    public long nextOutput() {
        return recovery.nextOutput();
    }

    @Override
    public int epoch() {
        return recovery.epoch();
    }

    /** Forces and closes the logs; {@code open} then says of each that did not fail where it ends. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            CloseHelper.closeAll(journal, outbox, deadLetters, this::noteEnds, housekeeping, lock);
        }
    }

    private void pruneSoon() {
        if (!context.retention().isKeepAll()) {
            housekeeping.execute(this::pruneAll);
        }
    }

    private void pruneAll() {
        try {
            prune(LogKind.JOURNAL, context.retention(), List.of());
            prune(LogKind.OUTBOX, context.retention(), List.of());
            Supplier<RetentionFloor> letters = lettersNeeded;
            if (letters != null) {
                prune(LogKind.DEAD_LETTERS, context.retention(), List.of(letters.get()));
            }
        } catch (JournalException e) {
            // It costs space, not data, and is tried again after the next snapshot.
            AuditLog.append(context.directory(), "prune-failed", Map.of("why", String.valueOf(e.getMessage())));
        }
    }

    private List<FrameLog> logs() {
        List<FrameLog> open = new ArrayList<>(List.of(journal));
        if (outbox instanceof FrameLog frames) {
            open.add(frames);
        }
        FrameLog letters = deadLetters;
        if (letters != null) {
            open.add(letters);
        }
        return open;
    }

    private FrameLog beginDeadLetters() {
        Path directory = context.directory();
        LogState state = Restart.deadLetters(directory, openFile);
        write(openFile.with(
                LogKind.DEAD_LETTERS, Restart.beginDeadLetters(directory, state, openFile, recovery.epoch())));
        return Restart.log(directory, state, recovery.start(), context.deadLetterLengths(), housekeeping);
    }

    private void noteEnds() {
        OpenFile last = openFile;
        LogEnd outboxBegin = last.end(LogKind.OUTBOX);
        if (outbox instanceof DiscardingLog && outboxBegin != null) {
            // A log that is not kept in this start ends where the start began.
            last = last.with(LogKind.OUTBOX, closed(outboxBegin.point()));
        }
        for (FrameLog log : logs()) {
            ChainPoint point = log.closedEnd();
            last = point == null ? last : last.with(log.kind(), closed(point));
        }
        OpenFile whole = last;
        Ballast.orRelease(context.directory(), () -> write(whole));
    }

    private LogEnd closed(ChainPoint point) {
        return new LogEnd(true, openFile.start(), point, BootId.current());
    }

    private OpenFile write(OpenFile changed) {
        try {
            changed.write(context.directory());
            openFile = changed;
            return changed;
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot write open file: directory=" + context.directory(), e);
        }
    }
}
