package io.millrace.ring;

import io.millrace.dedup.Dedup;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.TypeLayout;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateImage;
import io.millrace.window.Watermark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the deterministic stages know after one accepted record. What ADMIT knows and what APPLY knows is saved
 * apart, because each of them reaches that record at a time of its own.
 *
 * <pre>
 *   section of an image    saved by
 *   admit                  ADMIT    whether the input has ended
 *   dedup/CLASS            ADMIT    ids; there only with a dedup
 *   watermark              APPLY    event time
 *   operator/NAME          APPLY    one for each, with the hash of its settings
 *   rules                  APPLY    names and texts of what was deployed; there only if anything was
 *   rule/NAME              APPLY    one for each, with the hash of its text
 * </pre>
 */
final class ChainState {
    private final AdmitState admit;
    private final Watermark watermark;
    private final OperatorRoster roster;
    private final RuleBook rules;
    private final @Nullable EventTypes types;

    /** @param types that are accepted, null if any is */
    ChainState(AdmitState admit, Watermark watermark, OperatorRoster roster, @Nullable EventTypes types) {
        this.admit = admit;
        this.watermark = watermark;
        this.roster = roster;
        this.rules = roster.rules();
        this.types = types;
    }

    List<TypeLayout> layouts() {
        return types == null ? List.of() : types.layouts();
    }

    /**
     * Replaces everything by a snapshot.
     *
     * @throws StateException if it does not fit or is damaged; the chain is then in no useful state
     */
    void load(Snapshot snapshot, ChainHistory history) {
        for (TypeLayout layout : snapshot.layouts()) {
            requireSame(layout);
        }
        for (int i = 0; i < roster.count(); i++) {
            if (!snapshot.state().has(nameOf(roster.operator(i)), roster.configHash(i))) {
                roster.beginLater(i, history, snapshot.sequence());
            }
        }
        roster.activate(snapshot.sequence());
        load(snapshot.state());
    }

    private void requireSame(TypeLayout layout) {
        EventType type = types == null ? null : types.byId(layout.typeId());
        if (types != null
                && (type == null || !type.layout(layout.schemaVersion()).equals(layout))) {
            throw new StateException("cannot load state: event type "
                    + (type == null ? String.valueOf(layout.typeId()) : type.name())
                    + " has another layout than when the snapshot was taken (expected: that of schema version "
                    + layout.schemaVersion() + ", later ones only add fields at the end); use the schema of then");
        }
    }

    /** Adds what ADMIT knows; on its thread. */
    void saveAdmit(StateImage image) {
        image.save(admit.name(), 0, admit);
        Dedup dedup = admit.dedup();
        if (dedup != null) {
            image.save(nameOf(dedup), 0, dedup);
        }
    }

    /** Adds what APPLY knows, behind what ADMIT has saved; on the thread of APPLY. */
    void saveApply(StateImage image) {
        image.save(watermark.name(), 0, watermark);
        for (int i = 0; i < roster.count(); i++) {
            if (roster.isActive(i)) {
                image.save(nameOf(roster.operator(i)), roster.configHash(i), roster.operator(i));
            }
        }
        saveRules(image);
    }

    private void saveRules(StateImage image) {
        if (!rules.isEmpty()) {
            image.save(rules.name(), 0, rules);
            for (Rule rule : rules.rules()) {
                image.save(rule.stateName(), rule.configHash(), rule.operator());
            }
        }
    }

    /** Adds everything; when the chain stands still. */
    void save(StateImage image) {
        saveAdmit(image);
        saveApply(image);
    }

    /** Replaces everything that is there by saved state. */
    void load(StateImage image) {
        image.load(admit.name(), 0, admit);
        Dedup dedup = admit.dedup();
        if (dedup != null) {
            image.load(nameOf(dedup), 0, dedup);
        }
        image.load(watermark.name(), 0, watermark);
        for (int i = 0; i < roster.count(); i++) {
            if (roster.isActive(i)) {
                image.load(nameOf(roster.operator(i)), roster.configHash(i), roster.operator(i));
            }
        }
        loadRules(image);
    }

    private void loadRules(StateImage image) {
        if (image.find(rules.name()) == null) {
            rules.clear();
        } else {
            image.load(rules.name(), 0, rules);
            for (Rule rule : rules.rules()) {
                image.load(rule.stateName(), rule.configHash(), rule.operator());
            }
        }
        roster.refresh();
    }

    /** A dedup of another kind has other state, whatever its name. */
    private static String nameOf(Dedup dedup) {
        return "dedup/" + dedup.getClass().getSimpleName();
    }

    private static String nameOf(Operator operator) {
        return "operator/" + operator.name();
    }

    /** {@return what {@link StateImage#stateHash} says of an image with everything} */
    long stateHash() {
        long hash = StateImage.combine(0, admit.stateHash());
        Dedup dedup = admit.dedup();
        if (dedup != null) {
            hash = StateImage.combine(hash, dedup.stateHash());
        }
        hash = StateImage.combine(hash, watermark.stateHash());
        for (int i = 0; i < roster.count(); i++) {
            if (roster.isActive(i)) {
                hash = StateImage.combine(hash, roster.operator(i).stateHash());
            }
        }
        return rules.isEmpty() ? hash : hashRules(hash);
    }

    private long hashRules(long hashBefore) {
        long hash = StateImage.combine(hashBefore, rules.stateHash());
        for (Rule rule : rules.rules()) {
            hash = StateImage.combine(hash, rule.operator().stateHash());
        }
        return hash;
    }
}
