package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Damages the files of a data directory one at a time, and puts them back. */
final class Images {
    private static final int SECTOR_LENGTH = 512;
    private static final int PAGE_LENGTH = 4096;
    /** Damage far behind the last frame is seldom of interest. */
    private static final int MARGIN = 3 * PAGE_LENGTH;

    private final Random random;
    private final List<Path> files;
    private Path file = Path.of("");
    private byte[] whole = {};

    /** Damages segments and start frames. */
    Images(Path directory, Random random) throws IOException {
        this(directory, random, Images::isOfLog);
    }

    Images(Path directory, Random random, Predicate<Path> isWanted) throws IOException {
        this.random = random;
        try (Stream<Path> found = Files.walk(directory)) {
            files = found.filter(Files::isRegularFile).filter(isWanted).sorted().toList();
        }
    }

    /** Damages something, and says what. */
    String damage() throws IOException {
        file = files.get(random.nextInt(files.size()));
        whole = Files.readAllBytes(file);
        int end = Math.min(whole.length, endOf(whole) + random.nextInt(MARGIN));
        int at = random.nextInt(Math.max(end, 1));
        byte[] image = whole.clone();
        String what = file.getParent().getParent().relativize(file) + " ";
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                image[at] ^= (byte) (1 << random.nextInt(8));
                what += "bit flipped at " + at;
            }
            case 3 -> {
                Files.write(file, Arrays.copyOf(image, at));
                return what + "cut at " + at;
            }
            case 4 -> {
                Files.delete(file);
                return what + "removed";
            }
            case 5 -> what += "zeros at " + fill(image, at, SECTOR_LENGTH);
            case 6 -> what += "zeros at " + fill(image, at, PAGE_LENGTH);
            case 7 -> what += "copied over " + copy(image, at, end, SECTOR_LENGTH);
            case 8 -> what += "swapped with " + swap(image, at, end, random.nextBoolean() ? 8 : SECTOR_LENGTH);
            default -> {
                byte[] noise = new byte[Math.min(1 + random.nextInt(64), image.length - at)];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, image, at, noise.length);
                what += "noise at " + at;
            }
        }
        Files.write(file, image);
        return what;
    }

    void repair() throws IOException {
        Files.write(file, whole);
    }

    private static int fill(byte[] image, int at, int length) {
        int begin = at / length * length;
        Arrays.fill(image, begin, Math.min(begin + length, image.length), (byte) 0);
        return begin;
    }

    private String copy(byte[] image, int at, int end, int length) {
        int from = random.nextInt(Math.max(1, end / length)) * length;
        int to = at / length * length;
        int count = Math.min(length, image.length - Math.max(from, to));
        System.arraycopy(image.clone(), from, image, to, count);
        return to + " from " + from;
    }

    private String swap(byte[] image, int at, int end, int length) {
        byte[] before = image.clone();
        int one = random.nextInt(Math.max(1, end / length)) * length;
        int other = at / length * length;
        int count = Math.min(length, image.length - Math.max(one, other));
        System.arraycopy(before, one, image, other, count);
        System.arraycopy(before, other, image, one, count);
        return other + " and " + one;
    }

    private static int endOf(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static boolean isOfLog(Path path) {
        String name = path.getFileName().toString();
        return SegmentName.isSegment(name) || name.equals(StartFrame.FILE_NAME);
    }
}
