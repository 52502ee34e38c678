package io.millrace.status;

import java.nio.ByteBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.errors.ErrorConsumer;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * What went wrong in a pipeline: each distinct error once, with its stack, how often it was seen and when first and
 * last. The buffer may be a mapped file, which can be read after a crash.
 *
 * <p><b>Threading</b>: any thread may write or read. <b>Allocation</b>: per error; an error that is known already costs
 * little, a new one its text. <b>Failure</b>: {@link #onError} never throws. An error for which there is no room is
 * counted and otherwise lost; those logged before it stay.
 */
public final class ErrorLog implements ErrorHandler {
    /** Bytes of a buffer that {@link #allocate} makes: some hundred distinct errors. */
    public static final int LENGTH_DEFAULT = 1 << 20;

    private final AtomicBuffer buffer;
    private final DistinctErrorLog log;
    private final AtomicCounter errors;

    /**
     * @param buffer zeroed: what an earlier error log left is overwritten
     * @param clock of the times that are logged, in milliseconds
     * @param errors counter of all errors; several threads may write it
     */
    public ErrorLog(AtomicBuffer buffer, EpochClock clock, AtomicCounter errors) {
        this.buffer = buffer;
        this.log = new DistinctErrorLog(buffer, clock);
        this.errors = errors;
    }

    /** {@return an error log in memory of its own, on the system's clock} */
    public static ErrorLog allocate(AtomicCounter errors) {
        return new ErrorLog(
                new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH_DEFAULT)), SystemEpochClock.INSTANCE, errors);
    }

    @Override
    public void onError(Throwable error) {
        errors.increment();
        try {
            log.record(error);
        } catch (Throwable ignored) {
            // Logging failed (memory is short, or an exception's own text throws): the counter has it.
        }
    }

    /** {@return how many errors were handed in since the counter began, those that repeat each time counted} */
    public long errorCount() {
        return errors.get();
    }

    /** {@return how many distinct errors the log holds; the consumer is given each of them} */
    public int read(ErrorConsumer consumer) {
        return ErrorLogReader.read(buffer, consumer);
    }
}
