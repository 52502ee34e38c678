package io.millrace.stream;

import io.millrace.event.Event;

/**
 * Where the fields of a derived event stand in its record: behind header and message header, one behind the other and
 * nothing else, so that events are joined by copying two runs of bytes.
 */
final class Blocks {
    static final int MESSAGE_HEADER_LENGTH = 8;
    static final int OFFSET = Event.HEADER_LENGTH + MESSAGE_HEADER_LENGTH;

    private Blocks() {}
}
