package io.millrace.journal.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.TypeLayout;
import io.millrace.ring.Snapshot;
import io.millrace.state.StateImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshot files say what was written, or are refused: nothing in between. */
final class SnapshotDirectoryTest {
    private static final SnapshotOrigin ORIGIN = new SnapshotOrigin(11, 12, 3, 4_000, 77);

    @TempDir
    Path data;

    private static Snapshot snapshot(long sequence) {
        return snapshot(sequence, 40);
    }

    private static Snapshot snapshot(long sequence, int longCount) {
        StateImage state = new StateImage();
        state.add("admit", 0).state().putLong(-1);
        StateImage.Section window = state.add("operator/window", 0x1234);
        for (long i = 0; i < longCount; i++) {
            window.state().putLong(i * sequence);
        }
        window.state().putInt(5);
        state.add("operator/empty", 0);
        List<TypeLayout> layouts = List.of(new TypeLayout(7, 1, 99), new TypeLayout(8, 2, -99));
        return new Snapshot(sequence, 2, 1_000, 50, 1L << 32 | 4, sequence - 3, layouts, state);
    }

    private static List<String> describe(Snapshot snapshot) {
        List<String> all = new ArrayList<>();
        all.add(snapshot.sequence() + " " + snapshot.epoch() + ' ' + snapshot.takenNs() + ' ' + snapshot.outputPlace()
                + ' ' + snapshot.lastOutputIdHi() + ' ' + snapshot.lastOutputIdLo() + ' ' + snapshot.layouts());
        for (StateImage.Section section : snapshot.state().sections()) {
            all.add(section.name()
                    + ' '
                    + section.configHash()
                    + ' '
                    + section.state().length()
                    + ' '
                    + section.stateHash());
        }
        return all;
    }

    private SnapshotDirectory write(long... sequences) throws IOException {
        SnapshotDirectory directory = new SnapshotDirectory(data);
        for (long sequence : sequences) {
            directory.write(snapshot(sequence), ORIGIN, 3);
        }
        return directory;
    }

    @Test
    void shouldReadWhatWasWritten() throws IOException {
        SnapshotDirectory directory = write(4711);

        assertEquals(describe(snapshot(4711)), describe(directory.read(4711)));
        assertEquals(ORIGIN, directory.header(4711).origin());
        assertEquals(
                "0000000000000004711.snapshot",
                directory.file(4711).getFileName().toString());
        assertEquals(List.of(4711L), directory.sequences());
    }

    @Test
    void shouldReadStateThatIsLongerThanABlock() throws IOException {
        Snapshot large = snapshot(5, 400_000);
        SnapshotDirectory directory = new SnapshotDirectory(data);
        directory.write(large, ORIGIN, 3);

        assertEquals(describe(large), describe(directory.read(5)));
    }

    @Test
    void shouldKeepTheNewest() throws IOException {
        assertEquals(List.of(300L, 400L, 500L), write(100, 200, 300, 400, 500).sequences());
    }

    @Test
    void shouldHaveNoneWhereNoneWasWritten() throws IOException {
        SnapshotDirectory directory = new SnapshotDirectory(data);
        directory.deleteTemporary();

        assertEquals(List.of(), directory.sequences());
    }

    @Test
    void shouldDeleteWhatAKilledWriterLeft() throws IOException {
        SnapshotDirectory directory = write(1);
        Path left = directory.file(2).resolveSibling(directory.file(2).getFileName() + ".tmp");
        Files.write(left, new byte[10]);
        directory.deleteTemporary();

        assertTrue(Files.notExists(left));
        assertEquals(List.of(1L), directory.sequences());
    }

    @Test
    void shouldPassEveryStepInOrder() throws IOException {
        List<SnapshotStep> steps = new ArrayList<>();
        SnapshotDirectory directory = new SnapshotDirectory(data, (step, sequence) -> steps.add(step));
        directory.write(snapshot(1), ORIGIN, 1);
        steps.clear();
        directory.write(snapshot(2), ORIGIN, 1);

        assertEquals(List.of(SnapshotStep.values()), steps);
    }

    @Test
    void shouldRefuseAFileUnderAnotherName() throws IOException {
        SnapshotDirectory directory = write(1);
        Files.move(directory.file(1), directory.file(2));

        SnapshotException refused = assertThrows(SnapshotException.class, () -> directory.read(2));
        assertEquals(
                "cannot use snapshot: file=" + directory.file(2)
                        + ": sequence=1 (expected: 2, as its name says); an older one or the whole journal stands in",
                refused.getMessage());
    }

    @Test
    void shouldRefuseAFileCutOffAnywhere() throws IOException {
        SnapshotDirectory directory = write(1);
        byte[] whole = Files.readAllBytes(directory.file(1));
        for (int length = 0; length < whole.length; length++) {
            Files.write(directory.file(1), java.util.Arrays.copyOf(whole, length));
            int at = length;
            assertThrows(SnapshotException.class, () -> directory.read(1), () -> "length=" + at);
        }
    }

    @Test
    void shouldRefuseAFileWithAnyBitFlipped() throws IOException {
        SnapshotDirectory directory = write(1);
        byte[] whole = Files.readAllBytes(directory.file(1));
        int zerosBehindCrc = whole.length - 4;
        for (int bit = 0; bit < zerosBehindCrc * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(directory.file(1), flipped);
            int at = bit;
            assertThrows(SnapshotException.class, () -> directory.read(1), () -> "bit=" + at);
        }
    }

    /** A header that was made to lie, with a CRC that is right: whatever it says, nothing but this exception comes. */
    @Test
    void shouldRefuseALyingHeaderBeforeItAllocates() throws IOException {
        SnapshotDirectory directory = write(1);
        byte[] whole = Files.readAllBytes(directory.file(1));
        int headerLength = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(108);
        for (int offset = 100; offset < headerLength - 8; offset += 4) {
            for (int lie : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1 << 20}) {
                byte[] lying = whole.clone();
                ByteBuffer header = ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN);
                header.putInt(offset, lie);
                CRC32C crc = new CRC32C();
                crc.update(lying, 0, headerLength - 8);
                header.putInt(headerLength - 8, (int) crc.getValue());
                Files.write(directory.file(1), lying);
                assertIsReadOrRefused(directory, "offset=" + offset + " lie=" + lie);
            }
        }
    }

    private static void assertIsReadOrRefused(SnapshotDirectory directory, String what) {
        try {
            directory.read(1);
        } catch (SnapshotException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("cannot use snapshot: file="), what);
        } catch (Throwable e) {
            throw new AssertionError(what, e);
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenItCannotWrite() throws IOException {
        SnapshotDirectory failing = new SnapshotDirectory(data, (step, sequence) -> {
            if (step == SnapshotStep.SECTIONS_WRITTEN) {
                throw new IllegalStateException("planted");
            }
        });
        assertThrows(IllegalStateException.class, () -> failing.write(snapshot(1), ORIGIN, 3));

        try (var files = Files.list(data.resolve(SnapshotDirectory.NAME))) {
            assertEquals(0, files.count());
        }
    }
}
