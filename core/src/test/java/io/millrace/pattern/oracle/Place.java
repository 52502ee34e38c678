package io.millrace.pattern.oracle;

import java.util.List;

/**
 * Which round of which stage: a stage of a sequence, and for one in a group, which round of the group it is in.
 *
 * @param outer the group that the sequence belongs to, null at the top
 * @param index of the stage in the sequence
 * @param round from 1
 */
record Place(Place outer, List<CaseStage> sequence, int index, int round) {
    CaseStage stage() {
        return sequence.get(index);
    }
}
