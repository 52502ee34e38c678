package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code repair} of a data directory: a repair that was begun and has not ended. It says all that the repair
 * decided, so that one that is killed at any point goes on as it began; until it has, nothing else may open the
 * directory.
 *
 * @param acceptLoss what the one who repairs has typed
 * @param reason in the words of the one who repairs
 * @param start number of the start that goes on behind the loss
 * @param epoch of that start
 * @param journalId of the journal
 * @param lastStarts number of the last start that is kept, by {@link LogKind}
 */
record RepairFile(String acceptLoss, String reason, int start, int epoch, UUID journalId, List<Integer> lastStarts) {
    static final String FILE_NAME = "repair";

    private static final Pattern FORM = Pattern.compile("acceptLoss=([^\n]*)\nreason=([^\n]*)\nstart=([0-9]+)\n"
            + "epoch=([0-9]+)\njournalId=([0-9a-f-]{36})\nlastStarts=([0-9,]+)\n");

    static @Nullable RepairFile read(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return null;
        }
        Matcher text = FORM.matcher(Files.readString(file));
        if (!text.matches()) {
            throw new CorruptJournalException(file, 0, FrameDescriptor.NO_SEQUENCE, "file is damaged");
        }
        return new RepairFile(
                text.group(1),
                text.group(2),
                Integer.parseInt(text.group(3)),
                Integer.parseInt(text.group(4)),
                UUID.fromString(text.group(5)),
                Arrays.stream(text.group(6).split(",")).map(Integer::valueOf).toList());
    }

    static void requireNone(Path dataDirectory) throws IOException {
        RepairFile begun = read(dataDirectory);
        if (begun != null) {
            throw new JournalException(
                    JournalException.EXIT_DATA_DAMAGED,
                    "cannot open journal: a repair was begun and has not ended: acceptLoss=" + begun.acceptLoss
                            + ", directory=" + dataDirectory + "; run the same repair again",
                    null);
        }
    }

    void write(Path dataDirectory) throws IOException {
        String text = "acceptLoss=" + acceptLoss + "\nreason=" + reason.replaceAll("\\p{Cntrl}", " ") + "\nstart="
                + start + "\nepoch=" + epoch + "\njournalId=" + journalId + "\nlastStarts="
                + String.join(",", lastStarts.stream().map(String::valueOf).toList()) + '\n';
        Directories.replace(dataDirectory.resolve(FILE_NAME), text.getBytes(UTF_8));
    }

    int lastStart(LogKind kind) {
        return lastStarts.get(kind.ordinal());
    }
}
