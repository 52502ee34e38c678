package io.millrace.state;

/**
 * Something with state that a snapshot holds. What {@link #save} writes is the whole state, free lists included: two
 * instances that save the same bytes behave alike for ever after.
 */
public interface Stateful {
    /** {@return the name under which the state is saved, unique in a pipeline} */
    String name();

    void save(StateWriter writer);

    /**
     * Replaces the state by a saved one.
     *
     * @throws StateException if it was saved under other settings (say, another capacity) or is damaged
     */
    void load(StateReader reader);

    /** {@return a hash over everything that {@link #save} writes} */
    default long stateHash() {
        StateHash hash = new StateHash();
        save(hash);
        return hash.value();
    }
}
