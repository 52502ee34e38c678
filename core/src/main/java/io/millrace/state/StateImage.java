package io.millrace.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The saved state of the parts of a pipeline, a section for each, found again by name.
 *
 * <p><b>Threading</b>: one thread at a time. <b>Allocation</b>: none once sections have the room they need;
 * {@link #clear} keeps it.
 */
public final class StateImage {
    private static final int INITIAL_LENGTH = 1 << 12;

    private final List<Section> sections = new ArrayList<>();
    private int count;

    /** State of one part. */
    public static final class Section {
        private final BufferStateWriter state = new BufferStateWriter(INITIAL_LENGTH);
        private String name = "";
        private long configHash;

        private Section() {}

        /** {@return the name of the part, unique in an image} */
        public String name() {
            return name;
        }

        /** {@return the hash of the settings that the part was saved under, 0 if nobody told one} */
        public long configHash() {
            return configHash;
        }

        /** {@return the saved bytes} */
        public BufferStateWriter state() {
            return state;
        }

        /** {@return what {@link Stateful#stateHash} says of a part with this state} */
        public long stateHash() {
            StateHash hash = new StateHash();
            hash.putBytes(state.buffer(), 0, state.length());
            return hash.value();
        }
    }

    /** Drops all sections. */
    public void clear() {
        count = 0;
    }

    /** {@return a new section without state} */
    public Section add(String name, long configHash) {
        if (count == sections.size()) {
            sections.add(new Section());
        }
        Section section = sections.get(count++);
        section.name = name;
        section.configHash = configHash;
        section.state.reset();
        return section;
    }

    /** Adds a section with the state of a part. */
    public void save(String name, long configHash, Stateful part) {
        part.save(add(name, configHash).state);
    }

    /** Adds a section with saved bytes. */
    public void add(String name, long configHash, DirectBuffer bytes, int offset, int length) {
        add(name, configHash).state.putBytes(bytes, offset, length);
    }

    /** {@return the section of a name, null if there is none} */
    public @Nullable Section find(String name) {
        for (int i = 0; i < count; i++) {
            if (sections.get(i).name.equals(name)) {
                return sections.get(i);
            }
        }
        return null;
    }

    /**
     * Loads a part from its section.
     *
     * @throws StateException if there is none, if it was saved under other settings, or is damaged; the part is then in
     *     no useful state
     */
    public void load(String name, long configHash, Stateful part) {
        Section section = find(name);
        if (section == null) {
            throw new StateException("cannot load " + name + ": the snapshot has no state of it (expected: one of "
                    + names() + "); configure what it was taken under, or use an older snapshot");
        }
        if (section.configHash != configHash) {
            throw new StateException("cannot load " + name + ": configHash=" + Long.toHexString(section.configHash)
                    + " (expected: " + Long.toHexString(configHash) + ", as configured); use an older snapshot");
        }
        BufferStateReader reader = section.state.reader();
        part.load(reader);
        reader.expectEnd();
    }

    /** {@return whether there is a section of a name that was saved under the same settings} */
    public boolean has(String name, long configHash) {
        Section section = find(name);
        return section != null && section.configHash == configHash;
    }

    private List<String> names() {
        return sections().stream().map(Section::name).toList();
    }

    /** {@return the sections in the order in which they were added; valid until the next change} */
    public List<Section> sections() {
        return Collections.unmodifiableList(sections.subList(0, count));
    }

    /** {@return bytes of state in all sections} */
    public long length() {
        long length = 0;
        for (int i = 0; i < count; i++) {
            length += sections.get(i).state.length();
        }
        return length;
    }

    /** {@return a hash over all sections, in their order} */
    public long stateHash() {
        long hash = 0;
        for (int i = 0; i < count; i++) {
            hash = combine(hash, sections.get(i).stateHash());
        }
        return hash;
    }

    /** {@return the hash of what was before and of one more part} */
    public static long combine(long hashBefore, long hashOfPart) {
        return hashBefore * 31 + hashOfPart;
    }
}
