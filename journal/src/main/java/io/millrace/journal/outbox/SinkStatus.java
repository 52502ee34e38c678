package io.millrace.journal.outbox;

import io.millrace.journal.LogKind;
import org.jspecify.annotations.Nullable;

/**
 * How a sink that was started in this process is doing.
 *
 * @param source the log that it reads
 * @param position place of the first record that its checkpoint does not cover
 * @param deliveredCount records that it took
 * @param behindCount records that its checkpoint does not cover
 * @param behindLength bytes of the frames that hold them
 * @param behindNs age of the first of them since publication, in nanoseconds
 * @param failureCount calls that threw
 * @param lastFailure what the last such call threw, or what ended the sink; null if there was none
 */
public record SinkStatus(
        String name,
        LogKind source,
        SinkState state,
        Delivery delivery,
        long position,
        long deliveredCount,
        long behindCount,
        long behindLength,
        long behindNs,
        long failureCount,
        @Nullable String lastFailure) {}
