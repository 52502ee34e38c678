package io.millrace.ring;

import io.millrace.event.Event;

/**
 * Something about a parked event for the thread that runs its handler.
 *
 * @param handler its name
 * @param event in memory of its own
 * @param place of the dead letter
 * @param isGivenUp whether the event is not to come any more, so that nothing of its key waits for it
 */
record Redelivery(String handler, Event event, long place, boolean isGivenUp) {}
