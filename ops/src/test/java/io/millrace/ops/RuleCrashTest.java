package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.journal.Failpoint;
import io.millrace.journal.LogKind;
import io.millrace.ops.command.RuleFiles;
import io.millrace.ops.command.RuleRequest;
import io.millrace.ops.command.RuleRow;
import io.millrace.rule.RuleChange.Action;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose rules change while events flow is killed at any time, and ended at chosen places: the next run has each
 * change that was answered, no change by half, those that were asked for once, and a replay puts out the same. {@code
 * -Drule.kills=N}; {@code -Dmillrace.test.seed=N}; many with {@code -Pfaults}.
 */
@Timeout(1200)
class RuleCrashTest {
    private static final boolean IS_CAMPAIGN = Boolean.getBoolean("faults.campaign");
    private static final int KILL_COUNT = Integer.getInteger("rule.kills", IS_CAMPAIGN ? 12 : 1);
    private static final int CHANGE_COUNT_MAX = 4;
    private static final int EVENT_COUNT = 20_000;
    private static final int RATE = Math.min(4_000, 8_000 / KILL_COUNT);
    private static final long SEED = TestSeed.of(RuleCrashTest.class);
    private static final List<Action> ACTIONS =
            List.of(Action.DEPLOY, Action.DEPLOY, Action.REPLACE, Action.PAUSE, Action.RESUME, Action.UNDEPLOY);

    @TempDir
    private Path directory;

    private Path data;
    private final Random random = new Random(SEED);
    /** What each rule must be, by name. */
    private TreeMap<String, String> rules = new TreeMap<>();

    /** A change. @param text of the rule, empty where none is needed */
    private record Change(Action action, String name, String text) {
        /** Rules behind the change, the same if it is refused or made already. */
        TreeMap<String, String> after(Map<String, String> before) {
            TreeMap<String, String> after = new TreeMap<>(before);
            String known = before.get(name);
            if (action == Action.DEPLOY && known == null) {
                after.put(name, "running " + text);
            } else if (known != null) {
                changeKnown(after, known);
            }
            return after;
        }

        private void changeKnown(TreeMap<String, String> after, String known) {
            String knownText = known.substring(known.indexOf(' ') + 1);
            switch (action) {
                case REPLACE -> after.put(name, known.replace(knownText, text));
                case PAUSE -> after.put(name, "paused " + knownText);
                case RESUME -> after.put(name, "running " + knownText);
                case UNDEPLOY -> after.remove(name);
                default -> {}
            }
        }
    }

    @BeforeEach
    void nameDirectory() {
        data = directory.resolve("data");
    }

    private static String text(String name, int count) {
        return "patterns:\n  - {name: " + name + ", count: {ge: " + count + "}, within: 3h}\n";
    }

    private Change change() {
        Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
        String name = "rule" + random.nextInt(3);
        boolean hasText = action == Action.DEPLOY || action == Action.REPLACE;
        return new Change(action, name, hasText ? text(name, 3 + random.nextInt(3)) : "");
    }

    @Test
    void shouldKeepRulesWholeWhenKilledAtAnyTime() throws Exception {
        int made = 0;
        for (int kill = 1; kill <= KILL_COUNT; kill++) {
            CommandRun run = CommandRun.start("run", "--data", data.toString(), "--rate", RATE + "/s");
            awaitEvents(run, rowCount() + 1);
            assertEquals(rules, rows(), "behind kill " + (kill - 1) + ", seed=" + SEED);
            for (int i = random.nextInt(CHANGE_COUNT_MAX); i > 0; i--) {
                made += isMade(change()) ? 1 : 0;
            }
            Change last = change();
            RuleRequest request = submit(last);
            Thread.sleep(random.nextInt(250));
            run.process().destroyForcibly();
            int status = run.exitCode();
            // On a machine that stood still meanwhile a run may have come to its end; nothing else ends it.
            assertTrue(status == 128 + 9 || status == 0, () -> "status=" + status + ": " + run.err());
            // Made, refused or left for the next run: in the end it is there, once.
            rules = last.after(rules);
            System.out.println("kill " + kill + " at " + rowCount() + " of " + EVENT_COUNT + ", " + request.action()
                    + (new RuleFiles(data).pending().isEmpty() ? " answered" : " open"));
        }
        made += isMade(new Change(Action.DEPLOY, "last", text("last", 3))) ? 1 : 0;
        conclude();
        System.out.println(KILL_COUNT + " kills, " + made + " changes that were answered");
    }

    @Test
    void shouldMakeAChangeOnceWhereverTheRunEnds() throws Exception {
        List<String> places = List.of(Failpoint.FRAME_BEFORE, Failpoint.FRAME_AFTER);
        List<Change> changes = new ArrayList<>(List.of(new Change(Action.DEPLOY, "a", text("a", 3))));
        if (IS_CAMPAIGN) {
            changes.add(new Change(Action.PAUSE, "a", ""));
            changes.add(new Change(Action.RESUME, "a", ""));
            changes.add(new Change(Action.REPLACE, "a", text("a", 4)));
            changes.add(new Change(Action.UNDEPLOY, "a", ""));
        }
        runAndKill();
        for (String place : places) {
            for (Change change : changes) {
                submit(change);
                String failpoint = place + "@" + Outbox.journaledCount(data);
                CommandRun ended =
                        CommandRun.startUntil(failpoint, "run", "--data", data.toString(), "--rate", RATE + "/s");
                assertEquals(Failpoint.EXIT_STATUS, ended.exitCode(), ended::err);
                runAndKill();
                rules = change.after(rules);
                assertEquals(rules, rows(), failpoint + ' ' + change);
            }
        }
        conclude();
    }

    private void runAndKill() throws Exception {
        CommandRun run = CommandRun.start("run", "--data", data.toString(), "--rate", RATE + "/s");
        awaitEvents(run, rowCount() + 1);
        run.process().destroyForcibly();
        run.exitCode();
    }

    /** Asks as a user does, while the run goes on. */
    private boolean isMade(Change change) throws Exception {
        List<String> words = new ArrayList<>(List.of("rule", word(change), "--data", data.toString()));
        if (change.text.isEmpty()) {
            words.add(change.name);
        } else {
            words.add(Files.writeString(directory.resolve("rule.yaml"), change.text)
                    .toString());
        }
        CommandCall call = CommandCall.of(words.toArray(new String[0]));
        assertTrue(call.exitCode() == 0 || call.exitCode() == 78, call::err);
        if (call.exitCode() == 0) {
            rules = change.after(rules);
        } else {
            assertEquals(rules, change.after(rules), "refused: " + change + call.err());
        }
        return call.exitCode() == 0;
    }

    private static String word(Change change) {
        return change.action.name().toLowerCase(Locale.ROOT);
    }

    /** Asks and waits for no answer. */
    private RuleRequest submit(Change change) {
        return new RuleFiles(data).submit(change.action, change.name, change.text, false, 0, "");
    }

    private TreeMap<String, String> rows() {
        TreeMap<String, String> rows = new TreeMap<>();
        for (RuleRow row : new RuleFiles(data).rows()) {
            if (!row.state().equals(RuleRow.UNDEPLOYED)) {
                rows.put(row.name(), row.state() + ' ' + row.text());
            }
        }
        return rows;
    }

    /** {@return rows in the journal} A run makes the changes that were asked for before its first one. */
    private int rowCount() {
        int[] rows = {0};
        if (Files.isDirectory(data.resolve("journal"))) {
            Outbox.forEach(data, LogKind.JOURNAL, event -> rows[0] += (event.flags() & Event.SYSTEM) == 0 ? 1 : 0);
        }
        return rows[0];
    }

    private void awaitEvents(CommandRun run, int count) throws Exception {
        while (run.process().isAlive() && rowCount() < count) {
            Thread.sleep(5);
        }
    }

    /** Runs to the end and replays it all. */
    private void conclude() throws Exception {
        CommandRun last = CommandRun.run("run", "--data", data.toString());
        assertEquals(0, last.exitCode(), last::err);
        assertEquals(rules, rows());
        List<String> outputs = Outbox.records(data);
        assertEquals(
                outputs.size(),
                outputs.stream().map(row -> row.split(" ")[0]).distinct().count());
        CommandCall replay = CommandCall.of("replay", "--data", data.toString(), "--compare");
        assertEquals(0, replay.exitCode(), () -> replay.out() + replay.err());
        assertEquals(EVENT_COUNT, rowCount());
    }
}
