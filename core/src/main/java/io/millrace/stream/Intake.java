package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.util.ArrayList;
import java.util.List;

/** Rows that other operators gave to one and that it has not taken yet: none between two records. */
final class Intake {
    private final RecordQueue queue = new RecordQueue();
    private final List<Feed> feeds = new ArrayList<>();
    private boolean isListening = true;

    /** {@return a new way in} */
    Feed feed(String from) {
        Feed feed = new Feed(this, feeds.size(), from);
        feeds.add(feed);
        return feed;
    }

    List<Feed> feeds() {
        return feeds;
    }

    void listen(boolean value) {
        isListening = value;
    }

    void add(int feed, Event event) {
        if (isListening) {
            queue.add(feed, event, 0);
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Gives the first row to the steps behind it. */
    void takeFirst() {
        Feed feed = feeds.get(queue.firstInput());
        MutableEvent row = queue.first();
        feed.entry().onEvent(row);
        queue.removeFirst();
    }

    long bytes() {
        return feeds.isEmpty() ? 0 : queue.bytes();
    }
}
