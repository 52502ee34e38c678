package io.millrace.ops;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.Publisher;
import io.millrace.event.MutableEvent;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Signals;
import io.millrace.ops.format.RowError;
import io.millrace.ops.format.RowReader;
import io.millrace.ring.Fault;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes rows until the input ends, a signal asks for the end, or a bad row is not to be borne with. Waits for room
 * in the ring as long as it takes, for room in the storage for a while.
 *
 * <p><b>Threading</b>: one thread, the pipeline's one writer. <b>Failure</b>: {@link CommandException} with the status
 * to end with.
 */
final class RowPublisher {
    static final String END_OF_INPUT = "end of input";
    static final String BAD_ROW = "bad row";
    static final String STORAGE_FULL = "storage full";

    /** Short enough to see a fault soon. */
    private static final ClaimPolicy CLAIM_POLICY = ClaimPolicy.park(50_000_000);

    private static final long WAIT_NS = 100_000;

    private final Pipeline pipeline;
    private final Signals signals;
    private final BadRows badRows;
    private final @Nullable Pace pace;
    private final boolean isStrict;
    private final StorageWait storage;
    private final Redrives redrives;
    private long rowCount;

    RowPublisher(
            Pipeline pipeline,
            Signals signals,
            BadRows badRows,
            @Nullable Pace pace,
            boolean isStrict,
            StorageWait storage,
            Redrives redrives) {
        this.pipeline = pipeline;
        this.signals = signals;
        this.badRows = badRows;
        this.pace = pace;
        this.isStrict = isStrict;
        this.storage = storage;
        this.redrives = redrives;
    }

    /** {@return rows that were published or counted as bad} */
    long rowCount() {
        return rowCount;
    }

    /**
     * Publishes rows.
     *
     * @param event to read them into
     * @return why it ended: {@link #END_OF_INPUT}, {@link #BAD_ROW}, {@link #STORAGE_FULL} or the name of a signal
     */
    String publish(RowReader rows, MutableEvent event, Progress progress) throws IOException {
        // A stop cuts a stream off in the middle of a row: what was read when it is seen is not published.
        while (!signals.isStopping() && rows.next(event) && awaitDue()) {
            rowCount++;
            RowError error = rows.error();
            if (error == null) {
                long code = publish(() -> pipeline.publisher().publish(event, CLAIM_POLICY));
                if (code < 0) {
                    rowCount--;
                    return signals.isStopping() ? signals.name() : STORAGE_FULL;
                }
            } else {
                badRows.add(error);
                if (isStrict) {
                    return BAD_ROW;
                }
            }
            progress.onRow(rowCount);
            redrives.doWork();
        }
        return signals.isStopping() ? signals.name() : END_OF_INPUT;
    }

    /** Closes all windows: {@return the ticket of the end of input} */
    long end() {
        long code = publish(pipeline.publisher()::end);
        if (code < 0) {
            throw new CommandException(ExitCode.STORAGE_FULL, storage.message());
        }
        return code;
    }

    /** {@return whether the row is to go, false if the run is to stop} */
    private boolean awaitDue() {
        if (pace != null) {
            while (!signals.isStopping() && !pace.awaitDue()) {
                // Looks at the signals again and again; the wait is in there.
            }
            pace.sent();
        }
        return !signals.isStopping();
    }

    /**
     * {@return the ticket; STORAGE_LOW or OUTBOX_FULL if there was no room for long or a signal came while there was
     * none} A sink that publishers wait for is waited for as long as it takes.
     */
    private long publish(LongSupplier attempt) {
        long code = attempt.getAsLong();
        while (isWorthWaiting(code)) {
            if (code == Publisher.STORAGE_LOW ? !mayWaitForStorage() : !mayWaitForOthers(code)) {
                return code;
            }
            code = attempt.getAsLong();
        }
        storage.reset();
        if (code < 0) {
            throw failure(pipeline, Publisher.describe(code));
        }
        return code;
    }

    private static boolean isWorthWaiting(long code) {
        return code == Publisher.BACK_PRESSURED || code == Publisher.STORAGE_LOW || code == Publisher.OUTBOX_FULL;
    }

    private boolean mayWaitForStorage() {
        return !signals.isStopping() && storage.await();
    }

    private boolean mayWaitForOthers(long code) {
        storage.reset();
        LockSupport.parkNanos(WAIT_NS);
        return code == Publisher.BACK_PRESSURED || !signals.isStopping();
    }

    /** {@return what a pipeline that does not go on says of itself} */
    static CommandException failure(Pipeline pipeline, String code) {
        Fault fault = pipeline.fault();
        return fault == null
                ? new CommandException(ExitCode.INTERNAL, "cannot publish: code=" + code)
                : Halts.of(fault, "");
    }
}
