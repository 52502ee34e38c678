package io.millrace.ops;

import io.millrace.event.Event;
import io.millrace.ops.config.RunConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.BitUtil;

/** What memory a configuration takes, by part, in bytes. */
final class Memory {
    private Memory() {}

    static Map<String, Long> of(RunConfig config) {
        Map<String, Long> parts = new LinkedHashMap<>();
        long recordLength =
                BitUtil.align(Event.HEADER_LENGTH + config.pipeline().maxPayloadLength(), Event.HEADER_LENGTH);
        parts.put("ring", recordLength * config.pipeline().ringCapacity());
        parts.put("output ring", recordLength * config.pipeline().outputRingCapacity());
        return parts;
    }
}
