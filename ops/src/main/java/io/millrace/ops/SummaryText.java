package io.millrace.ops;

import io.millrace.latency.HiccupMeter;
import io.millrace.ops.RunSummary.KeyRow;
import io.millrace.ops.RunSummary.Latency;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link RunSummary} for people: one thing a line, figures aligned, units named. */
final class SummaryText {
    private final PrintWriter out;
    private final RunSummary summary;

    private SummaryText(PrintWriter out, RunSummary summary) {
        this.out = out;
        this.summary = summary;
    }

    static void print(PrintWriter out, RunSummary summary) {
        SummaryText text = new SummaryText(out, summary);
        text.head();
        text.events();
        text.outputs();
        text.rankings();
        text.latencies();
        text.cursors();
        text.files();
    }

    private void line(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    }

    private void head() {
        RunSummary.Recovery recovery = summary.recovery();
        line("%s: %s, %s", summary.pipeline(), summary.input().file(), ending());
        if (recovery.isNew()) {
            line("%s: new data directory, nothing to recover", summary.pipeline());
        } else {
            line(
                    "%s: recovered %,d records in %.2f s; %,d outputs were still due",
                    summary.pipeline(), recovery.records(), recovery.seconds(), recovery.restoredOutputs());
        }
        for (String leftOut : recovery.leftOut()) {
            line("%s: left out: %s", summary.pipeline(), leftOut);
        }
        if (recovery.lostOutputs() > 0) {
            line("%s: %,d outputs left out: the journal lost their cause", summary.pipeline(), recovery.lostOutputs());
        }
    }

    private String ending() {
        return switch (summary.end()) {
            case RowPublisher.END_OF_INPUT ->
                summary.flushed() ? "read to its end, all windows closed" : "read to its end";
            case RowPublisher.BAD_ROW -> "stopped at a bad row (--strict); what was read before it is processed";
            case RowPublisher.STORAGE_FULL ->
                "stopped because the storage is full; what was read is processed, make room and start again to go on";
            default -> "stopped by " + summary.end() + "; what was read is processed, start again to go on";
        };
    }

    private void events() {
        RunSummary.Input input = summary.input();
        RunSummary.Events events = summary.events();
        line("");
        count(
                "rows",
                input.rows(),
                String.format(
                        Locale.ROOT,
                        "in %.2f s, %,.0f rows/s%s",
                        input.seconds(),
                        input.rowsPerSecond(),
                        input.ratePerSecond() > 0
                                ? String.format(Locale.ROOT, " (planned: %,d)", input.ratePerSecond())
                                : ""));
        count("accepted", events.accepted(), "");
        count("duplicates", events.duplicates(), "");
        count("bad rows", input.badRows(), input.badRows() > 0 ? "parked as dead letters" : "");
        countIfAny("too old", events.tooOld(), "below the dedup window");
        countIfAny("too far ahead", events.skewed(), "beyond eventTime.maxSkew");
        countIfAny("invalid", events.invalid(), "payload and type do not agree");
        count("late", events.late(), "");
        countIfAny("waited", events.waited(), "until they were in order, per pattern");
        countIfAny("forced", events.forced(), "of them early: beyond eventTime.reorderCapacity");
        countIfAny("untracked", events.untracked(), "moved no time: beyond eventTime.maxSources");
    }

    private void outputs() {
        RunSummary.Outputs outputs = summary.outputs();
        line("");
        outputs.windows().forEach((name, written) -> count("windows", written, name));
        outputs.streams().forEach((name, written) -> count("rows", written, name));
        outputs.patterns().forEach((name, written) -> count("matches", written, name));
        outputs.losses()
                .forEach((name, losses) -> losses.forEach((counter, count) ->
                        count("lost", count, name + ": " + counter + ", at a bound; see `millrace explain`")));
        count(
                "still open",
                outputs.windowsOpen(),
                outputs.windowsOpen() > 0 ? "windows; --flush closes them" : "windows");
        countIfAny("waiting", outputs.eventsWaiting(), "events, until they are in order; --flush lets them go");
        count("new outputs", outputs.written(), "");
        for (RunSummary.SinkFigures sink : summary.sinks()) {
            if (sink.behind() > 0) {
                count("not delivered", sink.behind(), "to sink " + sink.name() + ", which is " + sink.state());
            }
        }
    }

    private void count(String what, long count, String remark) {
        line("  %-14s %,12d   %s", what, count, remark);
    }

    private void countIfAny(String what, long count, String remark) {
        if (count > 0) {
            count(what, count, remark);
        }
    }

    private void rankings() {
        RunSummary.Ranking ranking = summary.ranking();
        if (ranking == null || summary.busiest().isEmpty()) {
            return;
        }
        line("");
        line(
                "  %-16s %10s %12s %12s %10s",
                "busiest " + ranking.key(),
                ranking.event() + "s",
                "avg " + ranking.value(),
                "max " + ranking.value(),
                "matches");
        rows(summary.busiest());
        line("  %-16s (highest average of those with at least %d)", "worst " + ranking.key(), ranking.worstMinEvents());
        rows(summary.worst());
    }

    private void rows(List<KeyRow> rows) {
        for (KeyRow row : rows) {
            line(
                    "    %-14s %,10d %,12.1f %,12d %,10d",
                    row.key(), row.events(), row.average(), row.max(), row.matches());
        }
    }

    private void latencies() {
        if (summary.events().accepted() == 0) {
            return;
        }
        line("");
        line("  %-20s %10s %10s %10s %10s %12s", "latency, us", "p50", "p99", "p99.9", "max", "events");
        for (Latency latency : summary.latencies()) {
            line(
                    "    %-18s %,10.1f %,10.1f %,10.1f %,10.1f %,12d",
                    label(latency.stage()),
                    latency.p50Ns() / 1e3,
                    latency.p99Ns() / 1e3,
                    latency.p999Ns() / 1e3,
                    latency.maxNs() / 1e3,
                    latency.count());
        }
        if (summary.input().ratePerSecond() == 0) {
            line("    read at full speed: mostly the wait in a full ring; --rate shows the pipeline's own");
        }
    }

    private static String label(String stage) {
        return switch (stage) {
            case "emit" -> "emit (end to end)";
            case Pace.TAG -> "behind the plan";
            case HiccupMeter.TAG -> "jitter floor";
            default -> stage;
        };
    }

    private void cursors() {
        line("");
        line("  %-14s %12s %12s", "cursor", "ticket", "sequence");
        for (Map.Entry<String, RunSummary.Position> cursor : summary.cursors().entrySet()) {
            RunSummary.Position position = cursor.getValue();
            line("    %-12s %12s %12s", cursor.getKey(), number(position.ticket()), number(position.sequence()));
        }
    }

    private static String number(long position) {
        return position < 0 ? "none" : String.format(Locale.ROOT, "%,d", position);
    }

    private void files() {
        RunSummary.Files files = summary.files();
        line("");
        line("  %-14s %s", "data", files.data());
        line("  %-14s %s", "journal", files.journal());
        line("  %-14s %s", "outbox", files.outbox());
        line("  %-14s %s", "dead letters", files.deadLetters());
        if (files.hlog() != null) {
            line("  %-14s %s", "latency log", files.hlog());
        }
    }
}
