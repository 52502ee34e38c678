package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Requests of any thread that the one writer turns into records between its own: so they get a sequence and are
 * journaled, and every replay sees them at the same place.
 *
 * <pre>
 *   payload of a CONTROL record
 *   0      2          4        8
 *  +------+----------+--------+---------------------+
 *  | kind | reserved | length | length bytes        |
 *  +------+----------+--------+---------------------+
 * </pre>
 *
 * <p><b>Threading</b>: {@link #offer} from any thread, the rest from the writer's. <b>Allocation</b>: none to ask
 * {@link #isEmpty}, which reads one field while nothing waits.
 */
public final class ControlInbox {
    /** Requests that wait at most. */
    public static final int CAPACITY = 64;
    /** Where the bytes of a kind begin in the payload of a CONTROL record. */
    public static final int CONTENT_OFFSET = 8;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final ManyToOneConcurrentArrayQueue<Request> requests = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private final AtomicInteger waitingCount = new AtomicInteger();

    /** How many records of the request that is at hand were taken; the writer's. */
    private int takenCount;

    /**
     * Records to be, one behind the other.
     *
     * @param flag {@link Event#CONTROL} or {@link Event#SNAPSHOT}
     * @param payloads never changed, at least one
     */
    private record Request(int flag, int typeId, int sourceId, List<byte[]> payloads) {}

    /** {@return false if the inbox is full: ask again later} */
    boolean offerSnapshot() {
        return offer(new Request(Event.SNAPSHOT, SystemTypes.SNAPSHOT, 0, List.of(new byte[0])));
    }

    /**
     * Asks for a CONTROL record.
     *
     * @param kind 0 to 65535
     * @return false if the inbox is full: ask again later
     */
    boolean offerControl(int kind, DirectBuffer content, int offset, int length) {
        byte[] payload = payload(kind, content, offset, length);
        return offer(new Request(Event.CONTROL, SystemTypes.CONTROL, 0, List.of(payload)));
    }

    /** Asks for a marker that a source is idle. {@return false if the inbox is full: ask again later} */
    boolean offerIdle(int sourceId) {
        return offer(new Request(Event.CONTROL, SystemTypes.SOURCE_IDLE, sourceId, List.of(new byte[0])));
    }

    /** Asks for several CONTROL records of one kind, none of another between them. {@return false if it is full} */
    boolean offerControl(int kind, List<byte[]> contents) {
        List<byte[]> payloads = contents.stream()
                .map(content -> payload(kind, new UnsafeBuffer(content), 0, content.length))
                .toList();
        return offer(new Request(Event.CONTROL, SystemTypes.CONTROL, 0, payloads));
    }

    /** {@return the payload of a CONTROL record} */
    public static byte[] payload(int kind, DirectBuffer content, int offset, int length) {
        ByteBuffer payload = ByteBuffer.allocate(CONTENT_OFFSET + length).order(ORDER);
        payload.putShort((short) kind).putShort((short) 0).putInt(length);
        content.getBytes(offset, payload, length);
        return payload.array();
    }

    private boolean offer(Request request) {
        boolean isTaken = requests.offer(request);
        if (isTaken) {
            waitingCount.incrementAndGet();
        }
        return isTaken;
    }

    /** {@return whether nothing can be taken} A request counts before one that began to come earlier is there. */
    public boolean isEmpty() {
        return waitingCount.get() == 0 || requests.peek() == null;
    }

    /** Takes the next record of the request that has waited longest, and writes type, flag, source and payload. */
    public void takeInto(MutableEvent event) {
        @Nullable Request request = requests.peek();
        if (request == null) {
            throw new IllegalStateException("no control request waits (expected: one); ask isEmpty first");
        }
        byte[] payload = request.payloads.get(takenCount);
        takenCount++;
        if (takenCount == request.payloads.size()) {
            takenCount = 0;
            requests.poll();
            waitingCount.decrementAndGet();
        }
        event.typeId(request.typeId).flags(request.flag).sourceId(request.sourceId);
        event.payloadLength(payload.length);
        event.buffer().putBytes(Event.HEADER_LENGTH, payload);
    }
}
