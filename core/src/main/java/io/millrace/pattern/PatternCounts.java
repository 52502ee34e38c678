package io.millrace.pattern;

import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a {@link PatternOperator} counted. */
public final class PatternCounts {
    long outputs;
    long starts;
    long timeouts;
    long late;
    long evictions;
    long refusedStarts;
    long refusedForks;
    long refusedNodes;
    long refusedKeys;
    long lostMatches;
    long tooLong;
    long truncated;

    PatternCounts() {}

    /** {@return outputs so far, of all kinds} */
    public long outputs() {
        return outputs;
    }

    /** {@return runs started} */
    public long starts() {
        return starts;
    }

    /** {@return runs whose time was over, put out or not} */
    public long timeouts() {
        return timeouts;
    }

    /** {@return events ignored because they were late} */
    public long late() {
        return late;
    }

    /** {@return runs that made room for others} */
    public long evictions() {
        return evictions;
    }

    /** {@return runs not started because of {@code maxRunsPerKey} or {@code maxRuns}} */
    public long refusedStarts() {
        return refusedStarts;
    }

    /** {@return copies of runs not made because of {@code maxRunsPerKey} or {@code maxRuns}} */
    public long refusedForks() {
        return refusedForks;
    }

    /** {@return events not taken because of {@code maxNodes}} */
    public long refusedNodes() {
        return refusedNodes;
    }

    /** {@return runs not started because of {@code maxKeys}} */
    public long refusedKeys() {
        return refusedKeys;
    }

    /** {@return matches and timeouts lost because of {@code maxWaitingMatches}} */
    public long lostMatches() {
        return lostMatches;
    }

    /** {@return events not taken because of {@code maxEventsPerMatch}} */
    public long tooLong() {
        return tooLong;
    }

    /** {@return matches and timeouts that do not list all of their events because of {@code maxMatchLength}} */
    public long truncated() {
        return truncated;
    }

    /** {@return what bounds cost: counters above 0 by their names} Allocates. */
    public Map<String, Long> losses() {
        Map<String, Long> losses = new LinkedHashMap<>();
        losses.put("evictions", evictions);
        losses.put("refusedStarts", refusedStarts);
        losses.put("refusedForks", refusedForks);
        losses.put("refusedNodes", refusedNodes);
        losses.put("refusedKeys", refusedKeys);
        losses.put("lostMatches", lostMatches);
        losses.put("tooLong", tooLong);
        losses.put("truncated", truncated);
        losses.values().removeIf(count -> count == 0);
        return losses;
    }

    void save(StateWriter writer) {
        writer.putLong(outputs);
        writer.putLong(starts);
        writer.putLong(timeouts);
        writer.putLong(late);
        writer.putLong(evictions);
        writer.putLong(refusedStarts);
        writer.putLong(refusedForks);
        writer.putLong(refusedNodes);
        writer.putLong(refusedKeys);
        writer.putLong(lostMatches);
        writer.putLong(tooLong);
        writer.putLong(truncated);
    }

    void load(StateReader reader) {
        outputs = reader.getLong();
        starts = reader.getLong();
        timeouts = reader.getLong();
        late = reader.getLong();
        evictions = reader.getLong();
        refusedStarts = reader.getLong();
        refusedForks = reader.getLong();
        refusedNodes = reader.getLong();
        refusedKeys = reader.getLong();
        lostMatches = reader.getLong();
        tooLong = reader.getLong();
        truncated = reader.getLong();
    }

    @Override
    public String toString() {
        return "outputs=" + outputs + ", starts=" + starts + ", timeouts=" + timeouts + ", late=" + late
                + ", evictions=" + evictions + ", refusedStarts=" + refusedStarts + ", refusedForks=" + refusedForks
                + ", refusedNodes=" + refusedNodes + ", refusedKeys=" + refusedKeys + ", lostMatches=" + lostMatches
                + ", tooLong=" + tooLong + ", truncated=" + truncated;
    }
}
