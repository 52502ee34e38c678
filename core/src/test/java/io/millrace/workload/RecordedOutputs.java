package io.millrace.workload;

import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/** Hands each output to a consumer, and refuses more than a step may write. */
public final class RecordedOutputs implements Outputs {
    private static final int PAYLOAD_LENGTH_MAX = 4_096;
    private static final byte FILLER = (byte) 0xA5;

    private final MutableEvent event = MutableEvent.allocate(PAYLOAD_LENGTH_MAX);
    private final Consumer<MutableEvent> consumer;
    private long causeSequence;
    private int ordinal;
    private int room;
    private boolean isClaimed;

    public RecordedOutputs(Consumer<MutableEvent> consumer) {
        this.consumer = consumer;
    }

    /** {@return outputs that put each record's bytes, in hex, into a list} */
    public static RecordedOutputs into(List<String> records) {
        return new RecordedOutputs(output -> records.add(hex(output)));
    }

    private static String hex(MutableEvent output) {
        byte[] bytes = new byte[output.recordLength()];
        output.buffer().getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** {@return views of records that {@link #into} made} */
    public static List<MutableEvent> events(List<String> records) {
        List<MutableEvent> events = new ArrayList<>();
        for (String record : records) {
            byte[] bytes = HexFormat.of().parseHex(record);
            MutableEvent event = new MutableEvent();
            event.wrap(new UnsafeBuffer(Arrays.copyOf(bytes, bytes.length + 8)), 0, bytes.length);
            events.add(event);
        }
        return events;
    }

    void cause(long sequence) {
        causeSequence = sequence;
        ordinal = 0;
    }

    Outputs step(int outputCount) {
        room = outputCount;
        return this;
    }

    @Override
    public MutableEvent claim(int typeId, int payloadLength) {
        if (room == 0 || isClaimed) {
            throw new IllegalStateException("room=" + room + ", isClaimed=" + isClaimed);
        }
        isClaimed = true;
        room--;
        event.buffer().setMemory(0, event.buffer().capacity(), FILLER);
        event.clearHeader().typeId(typeId).payloadLength(payloadLength);
        event.sequence(causeSequence).id(ordinal++, causeSequence);
        return event;
    }

    @Override
    public long causeSequence() {
        return causeSequence;
    }

    @Override
    public void commit() {
        isClaimed = false;
        consumer.accept(event);
    }
}
