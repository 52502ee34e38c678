package io.millrace.ring;

import org.jspecify.annotations.Nullable;

/**
 * Why a pipeline stopped.
 *
 * @param stage that failed, or the thread
 * @param sequence of the record it failed at, -1 if it was none
 * @param cause of the failure
 */
public record Fault(String stage, long sequence, Throwable cause) {
    /** {@return whether an operator threw at a record, which comes again at each restart until it is skipped} */
    public boolean isOfOperator() {
        return (stage.equals(ApplyStage.NAME) || stage.equals(Replay.NAME))
                && sequence >= 0
                && !(cause instanceof Error);
    }

    /** {@return one line for an operator: what failed where and why} */
    public String message() {
        String at = sequence >= 0 ? " at sequence=" + sequence : "";
        @Nullable String text = cause.getMessage();
        return "pipeline halted: stage=" + stage + at + ": " + cause.getClass().getSimpleName()
                + (text == null ? "" : ": " + text);
    }
}
