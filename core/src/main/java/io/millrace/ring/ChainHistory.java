package io.millrace.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How a journal came about, by its CONTROL records: which records are passed over, and from which sequence on each
 * operator takes part. An operator that came later is empty there, so a replay must not give it what was before.
 */
final class ChainHistory {
    private final List<Long> configSequences = new ArrayList<>();
    private final List<OperatorConfig> configs = new ArrayList<>();
    private final long[] skipped;
    private final int recordCount;

    /** @param records of the whole journal, or of what a replay will give; in order */
    ChainHistory(List<ControlRecord> records) {
        recordCount =
                (int) records.stream().filter(record -> record.sequence() >= 0).count();
        skipped = records.stream()
                .filter(record -> record.kind() == ControlRecord.SKIP)
                .mapToLong(ControlRecord::skippedSequence)
                .sorted()
                .distinct()
                .toArray();
        for (ControlRecord record : records) {
            if (record.kind() == ControlRecord.CONFIG) {
                configSequences.add(record.sequence());
                configs.add(OperatorConfig.of(record));
            }
        }
    }

    /** {@return how many CONTROL records there are that have a sequence} */
    int recordCount() {
        return recordCount;
    }

    /** {@return the sequences that are passed over, ascending} */
    long[] skipped() {
        return skipped;
    }

    /** {@return the sequence of the last CONFIG, -1 if there is none} */
    long configSequence() {
        return configs.isEmpty() ? -1 : configSequences.get(configs.size() - 1);
    }

    /** {@return the sequence of the first CONFIG that is known, -1 if there is none} */
    long firstConfigSequence() {
        return configs.isEmpty() ? -1 : configSequences.get(0);
    }

    /** {@return whether a record is passed over} */
    boolean isSkipped(long sequence) {
        return Arrays.binarySearch(skipped, sequence) >= 0;
    }

    /** {@return the operators that the journal ends with; none if nobody ever said} */
    OperatorConfig config() {
        return configs.isEmpty() ? OperatorConfig.NONE : configs.get(configs.size() - 1);
    }

    /**
     * {@return the first sequence of an operator: that of the CONFIG since which it has been there with these settings
     * without a break; 0 if it always was, or nobody ever said}
     *
     * @param nextSequence where one begins that the journal does not know
     */
    long activeFrom(String name, String settings, long nextSequence) {
        if (configs.isEmpty() || settings.isEmpty()) {
            return 0;
        }
        long from = nextSequence;
        for (int i = configs.size() - 1; i >= 0 && configs.get(i).has(name, settings); i--) {
            from = i == 0 ? 0 : configSequences.get(i);
        }
        return from;
    }

    /** Compares the operators that the journal ends with and those there are now. {@return whether they differ} */
    boolean requireAllowed(OperatorConfig now, boolean mayChange) {
        OperatorConfig before = config();
        for (Map.Entry<String, String> entry : before.settings().entrySet()) {
            if (!now.has(entry.getKey(), entry.getValue()) && !mayChange) {
                throw new ChangedConfigException(before, now);
            }
        }
        return !before.settings().equals(now.settings());
    }
}
