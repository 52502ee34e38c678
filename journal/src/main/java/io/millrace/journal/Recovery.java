package io.millrace.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * What opening a journal found and did.
 *
 * @param start number of the start that began with it, from 1
 * @param epoch of output identities from here on, 0 to 65535
 * @param nextSequence of the next accepted event; as many events were recovered
 * @param frameCount frames of the journal that were verified
 * @param nextOutput ordinal of the next output; as many outputs were recovered
 * @param lostOutputCount outputs left out because the journal lost their cause
 * @param droppedLength bytes that were left out, of journal and outbox
 * @param quarantined what was left out, in words: file, offset, length, reason
 * @param discarded files that Chronicle had set aside; their frames are in no log
 * @param durationNs how long it took, in nanoseconds
 */
public record Recovery(
        int start,
        int epoch,
        long nextSequence,
        long frameCount,
        long nextOutput,
        long lostOutputCount,
        long droppedLength,
        List<String> quarantined,
        List<Path> discarded,
        long durationNs) {}
