package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.journal.RecoveryListener.Step;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class RecoveryProgressTest {
    private final StringWriter out = new StringWriter();
    private long nowNs = 7;

    private RecoveryProgress progress(boolean isTerminal) {
        return new RecoveryProgress(new PrintWriter(out), () -> nowNs, isTerminal);
    }

    @Test
    void shouldSayPlaceRateAndTimeLeftEveryFewSecondsOfALog() {
        RecoveryProgress progress = progress(false);
        for (int second = 0; second <= 12; second++) {
            progress.onProgress(Step.REPLAY, 1_000 + second * 500_000L, second / 20.0);
            nowNs += 1_000_000_000;
        }
        progress.end();

        assertEquals(
                "millrace: replaying: at 2,501,000, 25 %, 500,000/s, 15 s left\n"
                        + "millrace: replaying: at 5,001,000, 50 %, 500,000/s, 10 s left\n",
                out.toString());
    }

    @Test
    void shouldTakeItsLineAwayOnATerminal() {
        RecoveryProgress progress = progress(true);
        progress.onProgress(Step.VERIFY_JOURNAL, 0, 0);
        nowNs += 250_000_000;
        progress.onProgress(Step.VERIFY_JOURNAL, 100, 0.5);
        progress.end();
        progress.end();

        String line = "verifying the journal: at 100, 50 %, 400/s, 0 s left";
        assertEquals('\r' + line + " ".repeat(100 - line.length()) + '\r' + " ".repeat(100) + '\r', out.toString());
    }

    @Test
    void shouldSayNothingOfAShortStart() {
        RecoveryProgress progress = progress(true);
        progress.onProgress(Step.VERIFY_JOURNAL, 0, 0);
        progress.onProgress(Step.VERIFY_OUTBOX, 0, 1);
        progress.onProgress(Step.REPLAY, 0, 1);
        progress.end();

        assertEquals("", out.toString());
    }
}
