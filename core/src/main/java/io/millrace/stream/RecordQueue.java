package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Copies of events that wait for a node, first in first out. It is empty again after each step or two, so records stand
 * one behind the other in a buffer that begins anew then.
 *
 * <pre>
 *   +-------+--------+----------------+-------+--------+------...
 *   | input | length | record         | input | length | record
 *   +-------+--------+----------------+-------+--------+------...
 * </pre>
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: when it has to grow, which ends when it has held all that one
 * step of the nodes before gives.
 */
final class RecordQueue {
    private static final int PREFIX_LENGTH = 8;
    private static final int INITIAL_LENGTH = 1 << 10;

    private final MutableEvent view = new MutableEvent();
    private UnsafeBuffer buffer = new UnsafeBuffer(new byte[INITIAL_LENGTH]);
    private int head;
    private int tail;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    long bytes() {
        return buffer.capacity();
    }

    /** Adds a copy of an event, moved back in time. */
    void add(int input, Event event, long shiftNs) {
        int length = event.recordLength();
        int end = tail + PREFIX_LENGTH + BitUtil.align(length, Long.BYTES);
        if (end > buffer.capacity()) {
            grow(end);
        }
        buffer.putInt(tail, input);
        buffer.putInt(tail + 4, length);
        buffer.putBytes(tail + PREFIX_LENGTH, event.buffer(), 0, length);
        view.wrap(buffer, tail + PREFIX_LENGTH, length);
        view.timestampNs(event.timestampNs() - shiftNs);
        tail = end;
        count++;
    }

    private void grow(int length) {
        UnsafeBuffer grown = new UnsafeBuffer(new byte[2 * length]);
        grown.putBytes(0, buffer, 0, tail);
        buffer = grown;
    }

    /** {@return which input of the node the first record is for} */
    int firstInput() {
        return buffer.getInt(head);
    }

    /** {@return a view of the first record, valid until something is added or removed} */
    MutableEvent first() {
        view.wrap(buffer, head + PREFIX_LENGTH, buffer.getInt(head + 4));
        return view;
    }

    /** Takes the first record out; a view of it stays readable until something is added. */
    void removeFirst() {
        head += PREFIX_LENGTH + BitUtil.align(buffer.getInt(head + 4), Long.BYTES);
        count--;
        if (count == 0) {
            head = 0;
            tail = 0;
        }
    }

    void save(StateWriter writer) {
        writer.putInt(count);
        int at = head;
        for (int i = 0; i < count; i++) {
            int length = buffer.getInt(at + 4);
            writer.putInt(buffer.getInt(at));
            writer.putInt(length);
            writer.putBytes(buffer, at + PREFIX_LENGTH, length);
            at += PREFIX_LENGTH + BitUtil.align(length, Long.BYTES);
        }
    }

    void load(String what, int inputCount, StateReader reader) {
        head = 0;
        tail = 0;
        count = 0;
        int saved = reader.getInt();
        StateException.requireRange(what, "queued", saved, 0, 1 << 24);
        for (int i = 0; i < saved; i++) {
            int input = reader.getInt();
            int length = reader.getInt();
            StateException.requireRange(what, "input", input, 0, inputCount - 1L);
            StateException.requireRange(what, "recordLength", length, Event.HEADER_LENGTH, 1 << 24);
            int end = tail + PREFIX_LENGTH + BitUtil.align(length, Long.BYTES);
            if (end > buffer.capacity()) {
                grow(end);
            }
            buffer.putInt(tail, input);
            buffer.putInt(tail + 4, length);
            reader.getBytes(buffer, tail + PREFIX_LENGTH, length);
            tail = end;
            count++;
        }
    }
}
