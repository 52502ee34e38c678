package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a file system has to promise under a data directory: that a lock keeps others out, that a force that returned is
 * on the disk, and that room reserved is there.
 *
 * <pre>
 *   ext2 ext3 ext4 xfs            taken
 *   nfs smb 9p fuse and the like  refused: none of the three is sure; -Dmillrace.unsafe.file.system=true takes them
 *   tmpfs overlay btrfs and all   taken with a warning: containers run on overlay and must start there, but what is
 *   others                        written into a container's own layer goes with it
 * </pre>
 */
final class FileSystemCheck {
    static final String PROPERTY = "millrace.unsafe.file.system";

    private static final Set<String> KNOWN_GOOD = Set.of("ext2", "ext3", "ext4", "xfs");
    private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");
    private static final Set<String> COPY_ON_WRITE = Set.of("btrfs", "zfs", "bcachefs");
    private static final List<String> REMOTE = List.of(
            "nfs", "cifs", "smb", "9p", "fuse", "ceph", "gluster", "afs", "lustre", "vboxsf", "virtiofs", "prl_fs");

    private FileSystemCheck() {}

    /**
     * {@return warnings about the file system of a directory, none if there is nothing to say}
     *
     * @throws JournalException if it is none to keep a journal on
     */
    static List<String> check(Path directory) throws IOException {
        return check(directory, Files.getFileStore(directory).type(), Boolean.getBoolean(PROPERTY));
    }

    static List<String> check(Path directory, String type, boolean isForced) {
        String name = type.toLowerCase(Locale.ROOT);
        String what = "directory=" + directory + ", fileSystem=" + type;
        boolean isRemote = REMOTE.stream().anyMatch(name::startsWith);
        if (isRemote && !isForced) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot open journal: " + what + " (expected: a local one, such as ext4 or xfs); use another "
                            + "directory, or set -D" + PROPERTY + "=true if its locks and forces hold",
                    null);
        }
        return KNOWN_GOOD.contains(name) ? List.of() : List.of(warning(what, name, isRemote));
    }

    private static String warning(String what, String name, boolean isRemote) {
        if (isRemote) {
            return what + " is not local: locks and forces may not hold";
        }
        if (MEMORY.contains(name)) {
            return what + " is in memory: nothing survives a power cut, whatever its level";
        }
        if (name.startsWith("overlay") || name.equals("aufs")) {
            return what + " is a container's own layer and goes with the container: mount a volume";
        }
        if (COPY_ON_WRITE.contains(name)) {
            return what + " copies on write: room that is reserved may be missing when it is needed";
        }
        return what + " is not known to keep what it was made to force (known: ext4, xfs)";
    }
}
