package io.millrace.journal.replay;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
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
    private long stateCount;
    private long firstSequence;
    private long sameState = -1;
    private @Nullable OutboxCheck outbox;
    private @Nullable Divergence wrongHash;
    private @Nullable Divergence wrongState;

    ComparisonRun(Path directory, Supplier<PipelineContext> contexts, ReplayRange range) {
        this.directory = directory;
        this.contexts = contexts;
        this.range = range;
    }

    ReplayComparison run() {
        Replayer replayer = Pipeline.replayer(contexts.get(), this::onOutput);
        firstSequence = range.firstSequence(directory);
        ReplayStart start = ReplayStart.of(directory, replayer, firstSequence);
        try (ReplaySource source = new ReplaySource(directory, range, start.nextSequence());
                OutboxCheck check = new OutboxCheck(directory, firstSequence, start.outputPlace())) {
            outbox = check;
            long lastSequence = range.lastSequence(directory);
            LiveHashes hashes = LiveHashes.read(directory, firstSequence, lastSequence);
            replay(source, replayer, hashes, LiveStates.read(directory, firstSequence, lastSequence));
            check.end(replayer.sequence());
            return new ReplayComparison(
                    recordCount,
                    outputCount,
                    check.checkedCount(),
                    check.unknownCount(),
                    hashCount,
                    stateCount,
                    replayer.sequence(),
                    replayer.stateHash(),
                    first(check.divergence()));
        }
    }

    private void onOutput(Event output) {
        if (output.idLo() >= firstSequence && outbox != null) {
            outputCount++;
            outbox.onOutput(output);
        }
    }

    private void replay(ReplaySource source, Replayer replayer, LiveHashes hashes, LiveStates states) {
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
            if (states.has(sequence)) {
                replayer.flush();
                check(replayer.stateHash(), states.hash(sequence), sequence);
            }
        }
        replayer.flush();
    }

    private void check(long hash, long ofLive, long sequence) {
        if (hash == ofLive) {
            stateCount++;
            sameState = sequence;
        } else if (wrongState == null) {
            wrongState = new Divergence(
                    Math.max(firstSequence, sameState + 1),
                    sequence,
                    "the state after the last of these records is another than in the snapshot",
                    null,
                    null);
        }
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
        Divergence ofHash = earlier(wrongHash, wrongState);
        if (ofHash == null || (ofOutbox != null && ofOutbox.firstSequence() <= ofHash.lastSequence())) {
            return ofOutbox;
        }
        return ofHash.equals(wrongHash) ? narrow(ofHash) : ofHash;
    }

    private static @Nullable Divergence earlier(@Nullable Divergence one, @Nullable Divergence other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.lastSequence() <= other.lastSequence() ? one : other;
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
        Replayer replayer = Pipeline.replayer(contexts.get(), ComparisonRun::ignore);
        ReplayStart start = ReplayStart.of(directory, replayer, run.firstSequence());
        try (ReplaySource source = new ReplaySource(directory, wanted, start.nextSequence())) {
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
