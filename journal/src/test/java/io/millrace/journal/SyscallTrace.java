package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls of a victim, as {@code strace -f -y} writes them down, held to the order that a power cut forgives:
 *
 * <ul>
 *   <li>bytes are forced before the name that stands for them (a rename of what was written);
 *   <li>behind such a rename the thread forces the directory before it changes anything else;
 *   <li>a start frame is there for good before the first segment of its start is;
 *   <li>when a victim says S (synced), every name in the journal is forced, and each segment that got its name since
 *       the last time, the one before it too.
 * </ul>
 *
 * A mapping is written without calls, so of segments only the forces are seen.
 */
final class SyscallTrace {
    static final String CALLS = "openat,write,pwrite64,fsync,fdatasync,rename,renameat2,unlink,mkdir";

    private static final Pattern LINE = Pattern.compile("^(\\d+) +(.*)$");
    private static final Pattern CALL = Pattern.compile("^(\\w+)\\((.*)\\) += (-?\\d+).*$");
    private static final Pattern RESUMED = Pattern.compile("^<\\.\\.\\. \\w+ resumed>(.*)$");
    private static final Pattern DESCRIPTOR = Pattern.compile("^\\d+<([^>]*)>");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    /** What an acknowledged record cannot be read without; the file {@code synced} may get lost. */
    private static final Pattern NEEDED = Pattern.compile("/journal(/\\d{8}(/(start\\.frame|.*\\.cq4))?)?");

    private static final String UNFINISHED = " <unfinished ...>";

    private final String directory;
    private final boolean isOneThread;
    private final Map<String, String> unfinished = new HashMap<>();
    private final Map<String, Set<String>> pendingAtBegin = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> pendingNames = new TreeSet<>();
    private final Set<String> unforced = new TreeSet<>();
    private final Map<String, String> renamedBy = new HashMap<>();
    private final Set<String> segmentsToForce = new TreeSet<>();
    private final List<String> violations = new ArrayList<>();
    private String newestSegment = "";
    private int ackCount;
    private int renameCount;

    private SyscallTrace(Path directory, boolean isOneThread) {
        this.directory = directory.toString();
        this.isOneThread = isOneThread;
    }

    /**
     * Reads a trace of a victim that wrote a directory.
     *
     * @param isOneThread whether it appends, syncs and says so on one thread; else what it says is not held to the last
     *     rule, because appending goes on meanwhile
     */
    static SyscallTrace read(Path file, Path directory, boolean isOneThread) throws IOException {
        SyscallTrace trace = new SyscallTrace(directory, isOneThread);
        for (String line : Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                trace.take(matcher.group(1), matcher.group(2));
            }
        }
        return trace;
    }

    List<String> violations() {
        return violations;
    }

    int ackCount() {
        return ackCount;
    }

    int renameCount() {
        return renameCount;
    }

    private void take(String thread, String text) {
        if (text.endsWith(UNFINISHED)) {
            String begun = text.substring(0, text.length() - UNFINISHED.length());
            unfinished.put(thread, begun);
            begin(thread, begun);
            return;
        }
        Matcher resumed = RESUMED.matcher(text);
        boolean isResumed = resumed.matches();
        String whole = isResumed ? unfinished.remove(thread) + resumed.group(1) : text;
        if (!isResumed) {
            begin(thread, whole);
        }
        Matcher call = CALL.matcher(whole);
        if (call.matches() && !call.group(3).startsWith("-")) {
            end(thread, call.group(1), call.group(2));
        }
    }

    /** A force covers what was there when it began. */
    private void begin(String thread, String text) {
        if (text.startsWith("fsync") || text.startsWith("fdatasync")) {
            pendingAtBegin.put(thread, new TreeSet<>(pendingNames));
        }
    }

    private void end(String thread, String name, String arguments) {
        switch (name) {
            case "fsync", "fdatasync" -> forced(thread, descriptor(arguments));
            case "mkdir" -> changed(thread, name, quoted(arguments, 0));
            case "openat" -> opened(thread, arguments);
            case "rename", "renameat2" -> renamed(thread, quoted(arguments, 0), quoted(arguments, 1));
            case "write", "pwrite64" -> written(descriptor(arguments), quoted(arguments, 0));
            default -> changed(thread, name, "");
        }
    }

    private void forced(String thread, String path) {
        unforced.remove(path);
        segmentsToForce.remove(path);
        for (String pending : pendingAtBegin.getOrDefault(thread, Set.of())) {
            if (parent(pending).equals(path)) {
                pendingNames.remove(pending);
            }
        }
        if (path.equals(parent(renamedBy.getOrDefault(thread, "")))) {
            renamedBy.remove(thread);
        }
    }

    private void opened(String thread, String arguments) {
        if (arguments.contains("O_CREAT")) {
            changed(thread, "create", quoted(arguments, 0));
        }
    }

    /** A name came or went. */
    private void changed(String thread, String what, String path) {
        String renamed = renamedBy.remove(thread);
        if (renamed != null) {
            violations.add("directory not forced behind the rename of " + renamed + " before " + what + ' ' + path);
        }
        if (path.startsWith(directory) && known.add(path)) {
            pendingNames.add(path);
        }
    }

    private void renamed(String thread, String from, String to) {
        changed(thread, "rename", to);
        if (!to.startsWith(directory)) {
            return;
        }
        pendingNames.remove(from);
        known.remove(from);
        pendingNames.add(to);
        if (from.endsWith(SegmentName.RESERVED_SUFFIX)) {
            segmentNamed(to);
            return;
        }
        if (to.equals(directory + "/ballast")) {
            // Room only: nothing is lost with its name.
            return;
        }
        renameCount++;
        renamedBy.put(thread, to);
        if (unforced.contains(from)) {
            violations.add("renamed before it was forced: " + from);
        }
    }

    private void segmentNamed(String segment) {
        String start = parent(segment) + '/' + StartFrame.FILE_NAME;
        if (pendingNames.contains(start) || unforced.contains(start)) {
            violations.add("a segment before its start frame is there for good: " + segment);
        }
        if (segment.startsWith(directory + "/journal/")) {
            segmentsToForce.add(segment);
            if (!newestSegment.isEmpty()) {
                segmentsToForce.add(newestSegment);
            }
            newestSegment = segment;
        }
    }

    private void written(String path, String text) {
        if (path.startsWith(directory)) {
            unforced.add(path);
        } else if (text.startsWith("S ")) {
            acknowledged(text);
        }
    }

    private void acknowledged(String text) {
        ackCount++;
        if (!isOneThread) {
            return;
        }
        for (String pending : pendingNames) {
            if (NEEDED.matcher(pending.substring(directory.length())).matches()) {
                violations.add("acknowledged before the name was forced: " + pending + " at " + text);
            }
        }
        for (String segment : segmentsToForce) {
            violations.add("acknowledged before the segment was forced: " + segment + " at " + text);
        }
    }

    private static String descriptor(String arguments) {
        Matcher matcher = DESCRIPTOR.matcher(arguments);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String quoted(String arguments, int index) {
        Matcher matcher = QUOTED.matcher(arguments);
        for (int i = 0; matcher.find(); i++) {
            if (i == index) {
                return matcher.group(1);
            }
        }
        return "";
    }

    private static String parent(String path) {
        int at = path.lastIndexOf('/');
        return at < 0 ? "" : path.substring(0, at);
    }
}
