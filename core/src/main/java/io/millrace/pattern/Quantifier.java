package io.millrace.pattern;

/**
 * How often a stage matches.
 *
 * @param min least number of times, at least 1
 * @param max most, {@link #UNBOUNDED} for any number
 * @param inner what may lie between two of them
 * @param preference which numbers of times are wanted
 * @param isOptional whether none at all will do
 * @param gapNs time that must not pass between two of them, 0 for any
 */
public record Quantifier(int min, int max, Contiguity inner, Preference preference, boolean isOptional, long gapNs) {
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    static final Quantifier ONCE = new Quantifier(1, 1, Contiguity.RELAXED, Preference.EVERY, false, 0);

    Quantifier times(int newMin, int newMax, long newGapNs) {
        return new Quantifier(Math.max(1, newMin), newMax, inner, preference, isOptional || newMin == 0, newGapNs);
    }

    Quantifier inner(Contiguity newInner) {
        return new Quantifier(min, max, newInner, preference, isOptional, gapNs);
    }

    Quantifier preference(Preference newPreference) {
        return new Quantifier(min, max, inner, newPreference, isOptional, gapNs);
    }

    Quantifier optional() {
        return new Quantifier(min, max, inner, preference, true, gapNs);
    }

    /** {@return whether it can match more than once} */
    public boolean isLoop() {
        return max > 1;
    }

    public boolean isUnbounded() {
        return max == UNBOUNDED;
    }

    boolean isGreedy() {
        return preference == Preference.GREEDY || preference == Preference.GREEDY_STOP_AT_MAX;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (min == 1 && isUnbounded()) {
            text.append('+');
        } else if (isLoop()) {
            text.append('{').append(min);
            text.append(isUnbounded() ? "," : max == min ? "" : "," + max).append('}');
        }
        text.append(isLoop() && inner != Contiguity.RELAXED ? inner == Contiguity.STRICT ? "c" : "x" : "");
        text.append(isGreedy() ? "g" : preference == Preference.RELUCTANT ? "r" : "");
        return text.append(isOptional ? "?" : "").toString();
    }
}
