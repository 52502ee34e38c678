package io.millrace.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a stage stands.
 *
 * @param chain that it is in: the pattern's, or that of its group
 * @param index in the chain
 * @param behind what follows it, also behind its group
 * @param group that it is in
 */
record StagePlace(
        List<PatternStage> chain,
        int index,
        @Nullable PatternStage behind,
        @Nullable Group group) {
    /**
     * A group that is being repeated.
     *
     * @param isFirst whether this is the first time it is run through
     * @param isLeft whether it need not be run through this time
     * @param until ends its loop, {@link Predicates#FALSE} if nothing does
     * @param place of the group itself
     */
    record Group(PatternStage stage, boolean isFirst, boolean isLeft, int until, StagePlace place) {}

    PatternStage stage() {
        return chain.get(index);
    }

    boolean isHeadOfGroup() {
        return group != null && index == 0;
    }

    /** {@return how its first event follows} */
    Contiguity contiguity() {
        if (index == 0 && group != null) {
            return group.isFirst()
                    ? group.place().contiguity()
                    : group.stage().quantifier().inner();
        }
        return switch (stage().operator()) {
            case FOLLOWED_BY -> Contiguity.RELAXED;
            case FOLLOWED_BY_ANY -> Contiguity.ANY;
            default -> Contiguity.STRICT;
        };
    }

    /**
     * {@return what must not come while this stage waits: negations before it, optional stages passed over, and as long
     * as nothing of its group is taken those before the group, or behind it between its rounds} In Flink a group does
     * not know what is around it.
     */
    List<PatternStage> negationsBefore(boolean isFlinkExact) {
        List<PatternStage> found = new ArrayList<>();
        for (int i = index - 1; i >= 0; i--) {
            PatternStage before = chain.get(i);
            if (before.isNotFollowedBy()) {
                found.add(before);
            } else if (!before.isOptional()) {
                return found;
            }
        }
        if (group != null && !isFlinkExact) {
            found.addAll(
                    group.isFirst()
                            ? group.place().negationsBefore(false)
                            : group.place().negationsBehind(false));
        }
        return found;
    }

    /** {@return what must not come between the rounds of a loop: the negations behind it} In Flink one of them. */
    List<PatternStage> negationsBehind(boolean isFlinkExact) {
        if (behind == null || !behind.isNotFollowedBy()) {
            return List.of();
        }
        if (isFlinkExact) {
            return List.of(behind);
        }
        if (index == chain.size() - 1) {
            return group == null ? List.of() : group.place().negationsBehind(false);
        }
        return chain.subList(index + 1, chain.size()).stream()
                .takeWhile(PatternStage::isNotFollowedBy)
                .toList();
    }
}
