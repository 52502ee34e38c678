package io.millrace;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.ControlRecord;
import io.millrace.ring.EventLog;
import io.millrace.ring.EventStore;
import io.millrace.ring.RecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An event store in memory that outlives its pipelines, and can lose the tail of its logs as a crash would. */
public final class MemoryStore implements EventStore {
    public final MemoryLog journal = new MemoryLog();
    public final MemoryLog outbox = new MemoryLog();
    public @Nullable MemorySnapshots snapshots;
    public int epoch;
    private final List<Integer> epochs = new ArrayList<>();

    /** A crash: what was not synced is gone from a point on that the caller draws. */
    public void loseTail(int journalKept, int outboxKept) {
        boolean isAnyLost = journalKept < journal.records.size();
        journal.keep(journalKept);
        keepEpochs();
        epoch += isAnyLost ? 1 : 0;
        outbox.keep(outboxKept);
        long nextSequence = nextSequence();
        outbox.records.removeIf(output -> output.idLo() >= nextSequence);
        outbox.durableCount = Math.min(outbox.durableCount, outbox.records.size());
    }

    /** Notes the epoch of all records that were accepted since the last crash. */
    private void keepEpochs() {
        while (epochs.size() > journal.records.size()) {
            epochs.remove(epochs.size() - 1);
        }
        while (epochs.size() < journal.records.size()) {
            epochs.add(epoch);
        }
    }

    @Override
    public MemoryLog journal() {
        return journal;
    }

    @Override
    public MemoryLog outbox() {
        return outbox;
    }

    @Override
    public void replay(long fromSequence, ObjIntConsumer<Event> consumer) {
        keepEpochs();
        List<Event> records = new ArrayList<>(journal.records);
        for (int i = (int) fromSequence; i < records.size(); i++) {
            consumer.accept(records.get(i), epochs.get(i));
        }
    }

    /** Gives what is committed so far, and more when it is. */
    @Override
    public RecordReader reader(long fromSequence) {
        return new RecordReader() {
            private long next = fromSequence;

            @Override
            public boolean next(Event view) {
                Event record = journal.committed(next);
                if (record == null) {
                    return false;
                }
                view.wrap(record.buffer(), 0, record.recordLength());
                next++;
                return true;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long nextSequence() {
        int count = journal.records.size();
        return count == 0 ? 0 : journal.records.get(count - 1).sequence() + 1;
    }

    @Override
    public long lastOutputIdHi() {
        return outbox.records.isEmpty() ? 0 : outbox.last().idHi();
    }

    @Override
    public long lastOutputIdLo() {
        return outbox.records.isEmpty() ? -1 : outbox.last().idLo();
    }

    /** Keeps snapshots from now on. */
    public MemoryStore withSnapshots() {
        snapshots = new MemorySnapshots(this);
        return this;
    }

    @Override
    public List<ControlRecord> controls() {
        return Stream.concat(journal.controls.stream(), journal.records.stream())
                .map(ControlRecord::of)
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public @Nullable MemorySnapshots snapshots() {
        return snapshots;
    }

    @Override
    public long nextOutput() {
        return outbox.records.size();
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public void close() {}

    /** Keeps copies of records; readable after commit. */
    public static final class MemoryLog implements EventLog {
        public final List<Event> records = new ArrayList<>();
        final List<Event> controls = new ArrayList<>();
        private final List<Event> open = new ArrayList<>();
        /** Sequence of the last record of each frame. */
        final List<Long> frameEnds = new ArrayList<>();

        public int frameCapacity = 100;
        int maxRecordLength = Integer.MAX_VALUE;
        int commitCount;
        public volatile int syncCount;
        public volatile int markCount;
        /** Records that a sync has covered: a power cut cannot take them. */
        public volatile int durableCount;

        public volatile boolean isStorageLow;
        public volatile RuntimeException failure;
        RuntimeException startFailure;
        public volatile Runnable beforeCommit = () -> {};
        public volatile Runnable beforeSync = () -> {};

        public Event last() {
            return records.get(records.size() - 1);
        }

        void keep(int count) {
            while (records.size() > count) {
                records.remove(records.size() - 1);
            }
            open.clear();
            durableCount = Math.min(durableCount, records.size());
        }

        /** {@return records that a reader finds, which a kill of the process cannot take} */
        public synchronized int committedCount() {
            return records.size();
        }

        /** {@return a record that a reader finds, null if it does not} */
        synchronized @Nullable Event committed(long index) {
            return index < records.size() ? records.get((int) index) : null;
        }

        @Override
        public void start() {
            if (startFailure != null) {
                throw startFailure;
            }
        }

        @Override
        public synchronized boolean append(Event record) {
            if (failure != null) {
                throw failure;
            }
            if (open.size() == frameCapacity) {
                return false;
            }
            open.add(MutableEvent.allocate(record.payloadLength()).copyFrom(record));
            return true;
        }

        @Override
        public synchronized boolean appendControl(Event record) {
            controls.add(MutableEvent.allocate(record.payloadLength()).copyFrom(record));
            return true;
        }

        @Override
        public synchronized void commit() {
            beforeCommit.run();
            if (!open.isEmpty()) {
                commitCount++;
                records.addAll(open);
                frameEnds.add(last().sequence());
                open.clear();
            }
        }

        @Override
        public void mark() {
            markCount++;
        }

        @Override
        public void sync() {
            if (failure != null) {
                throw failure;
            }
            int covered = committedCount();
            beforeSync.run();
            syncCount++;
            durableCount = covered;
        }

        @Override
        public int maxRecordLength() {
            return maxRecordLength;
        }

        @Override
        public boolean isStorageLow() {
            return isStorageLow;
        }

        @Override
        public void close() {}
    }
}
