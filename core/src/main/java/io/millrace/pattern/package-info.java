/**
 * Finds events of a key that together match a pattern. Begin with {@link io.millrace.pattern.Pattern} and {@link
 * io.millrace.pattern.PatternOperator} for events that follow each other, with {@link io.millrace.pattern.EventPattern}
 * and {@link io.millrace.pattern.ThresholdOperator} for as many events in a time; all of it runs on the thread of
 * APPLY. The module's README has a picture per operator.
 *
 * <pre>
 *   where(count(attempt).ge(4)).where(distinct(card).ge(3)).within(300, SECONDS), one key
 *
 *   seconds    0     50    100         250   299 300
 *   card       A     B     A           B     C   C
 *              |     |     |           |     |   |
 *              '--------- age at 299 ---------'  |      5 events, 3 cards at 299: a match
 *                    '------ age at 300 ---------'      the one at 0 is exactly 300 s old: out
 *
 *   SKIP_PAST_LAST   a match at 299, then all five are forgotten: none at 300
 *   EVERY_EVENT      a match at 299 and one at 300 (5 events, 3 cards)
 *   RISING_EDGE      a match at 299; at 300 it holds still: none
 * </pre>
 */
@NullMarked
package io.millrace.pattern;

import org.jspecify.annotations.NullMarked;
