package io.millrace.ops;

import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotException;
import io.millrace.journal.snapshot.SnapshotHeader;
import io.millrace.ops.command.TimeText;
import java.io.IOException;
import java.util.List;

/**
 * A snapshot as it is printed.
 *
 * @param problem why it cannot be read, empty if its header can
 * @param parts of the state
 */
record SnapshotRow(
        long sequence,
        String file,
        long fileLength,
        String taken,
        int start,
        int epoch,
        long outputPlace,
        String stateHash,
        List<Part> parts,
        String problem) {

    /** State of one part; {@code settings} is a hash over them, {@code 0} if nobody told any. */
    record Part(String name, long length, String settings) {}

    static SnapshotRow of(SnapshotDirectory directory, long sequence) throws IOException {
        String file = directory.file(sequence).toString();
        try {
            return of(file, directory.header(sequence));
        } catch (SnapshotException e) {
            return new SnapshotRow(sequence, file, 0, "", 0, 0, 0, "", List.of(), String.valueOf(e.getMessage()));
        }
    }

    private static SnapshotRow of(String file, SnapshotHeader header) {
        return new SnapshotRow(
                header.sequence(),
                file,
                header.fileLength(),
                TimeText.of(header.takenNs()),
                header.origin().start(),
                header.epoch(),
                header.outputPlace(),
                Long.toHexString(header.stateHash()),
                header.parts().stream()
                        .map(part -> new Part(part.name(), part.length(), Long.toHexString(part.configHash())))
                        .toList(),
                "");
    }
}
