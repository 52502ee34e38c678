package io.millrace.journal.replay;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.journal.JournalControls;
import io.millrace.ring.Replayer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One replay beside what live left. The outbox names the first output that differs exactly. Where it does not reach, a
 * hash that differs names a run of records; two more replays of that run, compared record by record, then tell whether
 * replays differ among themselves, and where.
 */
final class ComparisonRun {
    private final Path directory;
    private final Supplier<PipelineContext> contexts;
    private final ReplayRange range;
    private long recordCount;
    private long outputCount;
    private long hashCount;
    private @Nullable Divergence wrongHash;

    ComparisonRun(Path directory, Supplier<PipelineContext> contexts, ReplayRange range) {
        this.directory = directory;
        this.contexts = contexts;
        this.range = range;
    }

    ReplayComparison run() {
        try (ReplaySource source = new ReplaySource(directory, range, 0);
                OutboxCheck outbox = new OutboxCheck(directory, source.firstSequence())) {
            LiveHashes hashes = LiveHashes.read(directory, source.firstSequence(), range.lastSequence(directory));
            Replayer replayer = Pipeline.replayer(contexts.get(), output -> {
                if (output.idLo() >= source.firstSequence()) {
                    outputCount++;
                    outbox.onOutput(output);
                }
            });
            replayer.follow(JournalControls.read(directory));
            replay(source, replayer, hashes);
            outbox.end(replayer.sequence());
            return new ReplayComparison(
                    recordCount,
                    outputCount,
                    outbox.checkedCount(),
                    outbox.unknownCount(),
                    hashCount,
                    replayer.sequence(),
                    replayer.stateHash(),
                    first(outbox.divergence()));
        }
    }

    private void replay(ReplaySource source, Replayer replayer, LiveHashes hashes) {
        while (source.next()) {
            long sequence = source.record().sequence();
            recordCount += source.isInRange() ? 1 : 0;
            if (sequence == hashes.first()) {
                replayer.flush();
                replayer.resetOutputHash();
            }
            replayer.take(source.record(), source.epoch());
            if (sequence == hashes.last()) {
                replayer.flush();
                check(replayer.outputHash(), hashes);
                hashes.next();
            }
        }
        replayer.flush();
    }

    private void check(long hash, LiveHashes hashes) {
        if (hash == hashes.hash()) {
            hashCount++;
        } else if (wrongHash == null) {
            wrongHash = new Divergence(
                    hashes.first(), hashes.last(), "the outputs of these records have another hash", null, null);
        }
    }

    private @Nullable Divergence first(@Nullable Divergence ofOutbox) {
        Divergence ofHash = wrongHash;
        if (ofHash == null || (ofOutbox != null && ofOutbox.firstSequence() <= ofHash.lastSequence())) {
            return ofOutbox;
        }
        return narrow(ofHash);
    }

    /** Replays twice: if the two differ, the first sequence at which they do is the one looked for. */
    private Divergence narrow(Divergence run) {
        LongArrayList once = hashesByRecord(run);
        LongArrayList twice = hashesByRecord(run);
        for (int i = 0; i < once.size(); i++) {
            if (once.getLong(i) != twice.getLong(i)) {
                return Divergence.at(run.firstSequence() + i, "two replays do not give the same", null, null);
            }
        }
        return new Divergence(
                run.firstSequence(),
                run.lastSequence(),
                run.what() + "; replays give the same each time, so configuration or program differ from live",
                null,
                null);
    }

    private LongArrayList hashesByRecord(Divergence run) {
        LongArrayList hashes = new LongArrayList();
        ReplayRange wanted = new ReplayRange(ReplayRange.Unit.SEQUENCE, run.firstSequence(), run.lastSequence());
        try (ReplaySource source = new ReplaySource(directory, wanted, 0)) {
            Replayer replayer = Pipeline.replayer(contexts.get(), ComparisonRun::ignore);
            replayer.follow(JournalControls.read(directory));
            while (source.next()) {
                if (source.isInRange()) {
                    replayer.flush();
                    replayer.resetOutputHash();
                }
                replayer.take(source.record(), source.epoch());
                if (source.isInRange()) {
                    replayer.flush();
                    hashes.addLong(replayer.outputHash());
                }
            }
        }
        return hashes;
    }

    private static void ignore(Event output) {
        // Its hash is all that is wanted.
    }
}
