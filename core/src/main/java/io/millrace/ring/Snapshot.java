package io.millrace.ring;

import io.millrace.event.TypeLayout;
import io.millrace.state.StateImage;
import java.util.List;

/**
 * The state of a pipeline after one accepted record, and how far its outputs were by then.
 *
 * @param sequence of the record, a SNAPSHOT if it was taken live
 * @param epoch of the run that took it
 * @param takenNs time of publication of that record, in nanoseconds since the epoch
 * @param outputPlace how many outputs all records up to {@code sequence} gave: the place in the outbox behind the last
 * @param lastOutputIdHi identity of the last of them; meaningful if {@code lastOutputIdLo} is not -1
 * @param lastOutputIdLo sequence of the cause of the last of them, -1 if there was none
 * @param layouts of the event types that were known, none if any was accepted
 * @param state of all stages
 */
public record Snapshot(
        long sequence,
        int epoch,
        long takenNs,
        long outputPlace,
        long lastOutputIdHi,
        long lastOutputIdLo,
        List<TypeLayout> layouts,
        StateImage state) {}
