package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.event.HeaderField;
import io.millrace.expression.ExpressionException;
import io.millrace.window.LatePolicy;
import org.junit.jupiter.api.Test;

class PatternBuilderTest {
    private static PatternBuilder begin() {
        return Pattern.begin("a").where("key == 1").named("p").within(10, SECONDS);
    }

    private static void assertRefused(PatternBuilder builder, String expected) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals("cannot build pattern p: " + expected, e.getMessage());
    }

    @Test
    void shouldSayWhatWasBuilt() {
        Pattern pattern = begin().followedByAny("b")
                .where("key > 2")
                .or("key < 0")
                .timesOrMore(2)
                .consecutive()
                .greedy()
                .notFollowedBy("n")
                .where("key == 9")
                .next("c")
                .where("key == count(b)")
                .afterMatch(AfterMatch.skipToFirst("b"))
                .build();

        assertEquals(
                "a[key == 1] ~> b[(key > 2 or key < 0)]{2,}cg ->! n[key == 9], c[key == count(b)] within 10000000000ns"
                        + " | TO_FIRST:b",
                pattern.toString());
    }

    @Test
    void shouldSayTheSameOfCodeInEveryRun() {
        Pattern pattern = Pattern.begin("a")
                .where(event -> event.key() > 1)
                .or(HeaderField.KEY.lt(0))
                .named("p")
                .build();

        assertEquals("a[(code or key < 0)]", pattern.toString());
    }

    @Test
    void shouldTakeTheShortestWithin() {
        assertEquals(
                5_000_000_000L,
                begin().within(5, SECONDS).within(7, SECONDS).build().withinNs());
    }

    @Test
    void shouldMakeTimesFromZeroOptional() {
        Quantifier quantifier = begin().next("b")
                .where("key == 2")
                .times(0, 3)
                .build()
                .stages()
                .get(1)
                .quantifier();

        assertEquals(new Quantifier(1, 3, Contiguity.RELAXED, Preference.EVERY, true, 0), quantifier);
    }

    @Test
    void shouldRefuseMissingNames() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Pattern.begin("a").build());

        assertEquals("cannot build pattern : name= (expected: not blank); call named(name)", e.getMessage());
        assertRefused(begin().next(" "), "stage=  (expected: a name of its own); rename the stage");
        assertRefused(begin().next("a"), "stage=a (expected: a name of its own); rename the stage");
    }

    @Test
    void shouldRefuseRunsThatMayWaitForEver() {
        PatternBuilder forEver = Pattern.begin("a").named("p").followedBy("b");
        assertRefused(
                forEver,
                "withinNs=0 without maxRunsPerKey (expected: a time or a cap: runs may wait for ever); call within, or"
                        + " maxRunsPerKey to say how many may wait");
        assertRefused(
                forEver.maxRunsPerKey(8).afterMatch(AfterMatch.skipToNext()),
                "afterMatch=TO_NEXT without within (expected: within, or maxRunsPerKey with"
                        + " onOverflow(EVICT_OLDEST)); a run that waits for ever holds back every match after it");
        assertRefused(
                Pattern.begin("a").named("p").oneOrMore().allowCombinations(),
                "stage=a, allowCombinations without within (expected: within, or maxRunsPerKey); n events have 2^n"
                        + " combinations; bound them");
    }

    @Test
    void shouldRefuseTimesOutOfRange() {
        assertRefused(
                begin().within(0, SECONDS),
                "withinNs=-1 (expected: 1 to 1152921504606846976); set within to a positive duration");
        assertRefused(
                begin().next("b").withinPrevious(11, SECONDS),
                "stage=b, withinPreviousNs=11000000000 (expected: up to withinNs=10000000000); a gap cannot be longer"
                        + " than the whole match");
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> begin().times(3, 2).build());
        assertEquals(
                "cannot build stage a: times=3..2 (expected: 0 <= min <= max, 1 <= max); say how often the stage may"
                        + " match",
                e.getMessage());
    }

    @Test
    void shouldRefuseNegationsOutOfPlace() {
        assertRefused(
                Pattern.begin("a").named("p").maxRunsPerKey(1).notFollowedBy("n"),
                "stage=n, notFollowedBy as the last stage without a time (expected: within or withinPrevious); say for"
                        + " how long it must not come, or use absentFor");
        assertRefused(
                begin().next("b").optional().notNext("n").next("c"),
                "stage=n, operator=NOT_NEXT behind the optional stage b (expected: a stage before it that is not"
                        + " optional); put the negation before the optional stage");
        assertRefused(
                begin().notNext("n").optional().next("c"),
                "stage=n, quantifier=? of NOT_NEXT (expected: none: it takes no event); leave times, optional, greedy"
                        + " and until out");
        assertRefused(
                begin().next(Pattern.group(Pattern.begin("b").notNext("n"))),
                "stage=n, operator=NOT_NEXT (expected: a stage that takes an event at the end of a group); put it"
                        + " behind the group");
        assertRefused(
                begin().absentFor("n", 0, SECONDS),
                "stage=n, absentNs=0 (expected: 1 to 1152921504606846976); set it to a duration in this range");
        assertRefused(
                begin().notNext("m").absentFor("n", 1, SECONDS),
                "stage=n, absentFor behind notNext (expected: a stage that takes an event); leave notNext out");
    }

    @Test
    void shouldRefuseAbsencesThatNeverComplete() {
        assertRefused(
                begin().absentFor("n", 10, SECONDS),
                "stage=n, absentNs=10000000000 (expected: less than withinNs=10000000000); within would end every run"
                        + " before; let it be longer, or the absence shorter");
        assertRefused(
                begin().followedBy("b")
                        .where("key == 2")
                        .oneOrMore()
                        .greedy()
                        .until("key == 3")
                        .absentFor("n", 1, SECONDS),
                "stage=n, absentFor behind the greedy stage b with until (expected: one of them); leave greedy or"
                        + " until out");
    }

    @Test
    void shouldRefuseLoopsThatMakeNoSense() {
        assertRefused(
                begin().until("key == 2"),
                "stage=a, until without an unbounded loop (expected: oneOrMore or timesOrMore); say it before until");
        assertRefused(
                begin().greedy(),
                "stage=a, greedy of a stage that matches once (expected: a loop); say times or oneOrMore, or leave it"
                        + " out");
        assertRefused(
                begin().oneOrMore().greedy().allowCombinations(),
                "stage=a, greedy with allowCombinations (expected: one of them); leave one of them out");
        assertRefused(
                begin().next(Pattern.group(Pattern.begin("b"))).oneOrMore().greedy(),
                "stage=b, greedy of a group (expected: a single stage); leave greedy out");
        assertRefused(
                begin().oneOrMore().greedy().next("b").where("key == 2").optional(),
                "stage=b, optional behind the greedy stage a (expected: a stage that is not optional); leave greedy or"
                        + " optional out");
        assertRefused(
                begin().oneOrMore().greedy().next("b").where("key == 1"),
                "stage=b, condition=key == 1, the same as of the greedy stage a (expected: a condition that the loop"
                        + " does not imply); the loop takes every such event; let the conditions differ");
        assertRefused(
                begin().oneOrMore().greedy(Preference.RELUCTANT),
                "stage=a, preference=RELUCTANT (expected: EVERY or GREEDY); the shortest length is among every length");
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> begin().consecutive().build());
        assertEquals(
                "cannot build stage a: consecutive (expected: a stage with times, oneOrMore or timesOrMore); say first"
                        + " how often the stage may match",
                e.getMessage());
    }

    @Test
    void shouldRefuseUnknownStagesOfSkips() {
        assertRefused(
                begin().next("b").afterMatch(AfterMatch.skipToLast("c")),
                "afterMatch=TO_LAST:c (expected: one of [a, b]); name a stage that takes events");
    }

    @Test
    void shouldRefuseGroupsThatMayBeEmptyAndRepeat() {
        Pattern pattern = begin().next(
                        Pattern.group(Pattern.begin("b").where("key == 2").optional()))
                .oneOrMore()
                .build();

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new PatternOperator(pattern));

        assertEquals(
                "cannot build pattern p: a group repeats that may be empty (expected: a stage in it that is not"
                        + " optional); make a stage of it required",
                e.getMessage());
    }

    @Test
    void shouldRefuseToRunPreferences() {
        Pattern pattern = begin().oneOrMore()
                .greedy(Preference.RELUCTANT)
                .semantics(Semantics.ISO)
                .build();

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new PatternOperator(pattern));

        assertEquals(
                "cannot build pattern p: semantics=ISO (expected: MILLRACE or FLINK_EXACT); matches in an order of"
                        + " preference are not run yet",
                e.getMessage());
    }

    @Test
    void shouldRefuseToTakeMatchesBack() {
        assertRefused(
                begin().late(LatePolicy.update(1, SECONDS)),
                "late=update 1s (expected: no update); a match cannot be taken back; drop late events, or put them"
                        + " out");
    }

    @Test
    void shouldRefuseLimitsOutOfRange() {
        assertRefused(
                begin().maxRunsPerKey(0), "maxRunsPerKey=0 (expected: 1 to 65536); let it be no more than maxRuns");
    }

    @Test
    void shouldSayWhereAnExpressionAsksForWhatIsNotThere() {
        Pattern pattern = begin().next("b").where("key == first(c.key)").build();

        ExpressionException e = assertThrows(ExpressionException.class, () -> new PatternOperator(pattern));

        assertEquals(13, e.offset());
        assertEquals(
                "cannot read expression: \"key == first(c.key)\", at character 14: unknown stage in c.key"
                        + " (expected: a, b)",
                e.getMessage());
    }
}
