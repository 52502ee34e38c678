package io.millrace.stream;

import org.jspecify.annotations.Nullable;

/**
 * What the events of a stream come from: the records of the pipeline, a node before them, or a feed, which brings them
 * from a node of another operator.
 *
 * @param rowShiftNs how much later than within the node's own last instant its rows are stamped
 */
record Origin(@Nullable Node node, @Nullable Feed feed, long rowShiftNs) {
    static final Origin PIPELINE = new Origin(null, null, 0);

    static Origin of(Node node, long rowShiftNs) {
        return new Origin(node, null, rowShiftNs);
    }

    static Origin of(Feed feed, long rowShiftNs) {
        return new Origin(null, feed, rowShiftNs);
    }

    boolean isPipeline() {
        return node == null && feed == null;
    }
}
