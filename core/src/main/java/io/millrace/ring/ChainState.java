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
 * </pre>
 */
final class ChainState {
    private final AdmitState admit;
    private final Watermark watermark;
    private final Operator[] operators;
    private final long[] configHashes;
    private final @Nullable EventTypes types;

    /**
     * Makes nothing of its own.
     *
     * @param configHashes of the operators, in their order; 0 for one that nobody told
     * @param types that are accepted, null if any is
     */
    ChainState(
            AdmitState admit,
            Watermark watermark,
            Operator[] operators,
            long[] configHashes,
            @Nullable EventTypes types) {
        this.admit = admit;
        this.watermark = watermark;
        this.operators = operators;
        this.configHashes = configHashes;
        this.types = types;
    }

    List<TypeLayout> layouts() {
        return types == null ? List.of() : types.layouts();
    }

    /** Replaces everything by a snapshot; see {@link #load(StateImage)}. */
    void load(Snapshot snapshot) {
        for (TypeLayout layout : snapshot.layouts()) {
            requireSame(layout);
        }
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
        for (int i = 0; i < operators.length; i++) {
            image.save(nameOf(operators[i]), configHashes[i], operators[i]);
        }
    }

    /** Adds everything; when the chain stands still. */
    void save(StateImage image) {
        saveAdmit(image);
        saveApply(image);
    }

    /**
     * Replaces everything by saved state.
     *
     * @throws io.millrace.state.StateException if it does not fit or is damaged; the chain is then in no useful state
     */
    void load(StateImage image) {
        image.load(admit.name(), 0, admit);
        Dedup dedup = admit.dedup();
        if (dedup != null) {
            image.load(nameOf(dedup), 0, dedup);
        }
        image.load(watermark.name(), 0, watermark);
        for (int i = 0; i < operators.length; i++) {
            image.load(nameOf(operators[i]), configHashes[i], operators[i]);
        }
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
        for (Operator operator : operators) {
            hash = StateImage.combine(hash, operator.stateHash());
        }
        return hash;
    }
}
