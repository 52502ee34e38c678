package io.millrace.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every hop of one event, as far as its data directory tells.
 *
 * @param id of the event
 * @param found where it is journaled, null if it is not
 * @param lateness towards each operator that it was late for; null if it is not known
 * @param outputs that it caused
 * @param sinks how many of those each has delivered
 * @param letters dead letters with its id
 * @param searched accepted records that were looked at
 * @param firstSequence that the journal still has: what was before was pruned
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Trace(
        String id,
        @Nullable Place found,
        @Nullable List<String> lateness,
        List<Output> outputs,
        List<Delivery> sinks,
        List<Letter> letters,
        long searched,
        long firstSequence) {
    /**
     * Where an event stands in the journal.
     *
     * @param sequence that it was given; the same event offered again is a duplicate of it
     * @param published when, ISO 8601
     * @param frameSequence first sequence of the frame
     * @param frameCount records in the frame
     * @param offset of the frame's document in the file, in bytes
     * @param synced whether it is known to be on the disk
     * @param syncedUpTo last sequence that is known to be
     */
    record Place(
            long sequence,
            String type,
            String key,
            String time,
            String published,
            int start,
            long frameSequence,
            int frameCount,
            String file,
            long offset,
            boolean synced,
            long syncedUpTo) {}

    /** An output that it caused, by its place in the outbox. */
    record Output(long ordinal, String id, String text) {}

    /** How many of the outputs a sink has delivered; it goes on at an ordinal of the outbox. */
    record Delivery(String sink, long delivered, long of, long nextOrdinal) {}

    /** Why a handler or the input gave it up. */
    record Letter(long number, String parked, String handler, String reason) {}
}
