package io.millrace.ring;

import io.millrace.event.EventType;
import io.millrace.rule.CompiledRule;
import io.millrace.rule.RuleChange;
import io.millrace.rule.RuleChange.Action;
import io.millrace.rule.RuleException;
import io.millrace.rule.RuleSettings;
import io.millrace.rule.RuleStatus;
import io.millrace.state.FedOperator;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateImage;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import io.millrace.state.Stateful;
import io.millrace.window.ReorderBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a pipeline after one accepted record, by what the RULE records before it say. A change that is longer
 * than a slot comes in several records; it takes effect with the last.
 *
 * <pre>
 *   content of RULE
 *   0          4             8
 *  +----------+-------------+-------------------------------+
 *  | offset   | totalLength | bytes of the change from there|      see {@link RuleChange}
 *  +----------+-------------+-------------------------------+
 * </pre>
 *
 * <p>Whether a change can be made depends on the rules alone, never on a setting: a replay under others comes to the
 * same. What bounds changes is asked before they are journaled, by {@link Rules}.
 *
 * <p><b>Threading</b>: APPLY; {@link #statuses} from any.
 */
final class RuleBook implements Stateful {
    static final String NAME = "rules";
    private static final int PART_HEADER_LENGTH = 8;

    private final ChainContext context;
    private final @Nullable RuleSettings settings;
    private final int outputRingCapacity;
    private final int maxOutputPayloadLength;
    private final Rules desk;
    private final List<Rule> rules = new ArrayList<>();
    private byte[] pending = {};
    private int pendingLength;
    private volatile List<RuleStatus> statuses = List.of();

    /** @param context whose output ring must take what one step of an operator puts out */
    RuleBook(ChainContext context, Rules desk) {
        this.context = context;
        this.settings = context.rules();
        this.outputRingCapacity = context.outputRingCapacity();
        this.maxOutputPayloadLength = context.maxOutputPayloadLength();
        this.desk = desk;
    }

    /** {@return a change as contents of RULE records that are no longer than a slot takes} */
    static List<byte[]> parts(byte[] change, int contentLengthMax) {
        List<byte[]> parts = new ArrayList<>();
        int longest = contentLengthMax - PART_HEADER_LENGTH;
        for (int from = 0; from < change.length; from += longest) {
            int length = Math.min(longest, change.length - from);
            byte[] part = new byte[PART_HEADER_LENGTH + length];
            UnsafeBuffer buffer = new UnsafeBuffer(part);
            buffer.putInt(0, from, ControlRecord.ORDER);
            buffer.putInt(Integer.BYTES, change.length, ControlRecord.ORDER);
            buffer.putBytes(PART_HEADER_LENGTH, change, from, length);
            parts.add(part);
        }
        return parts;
    }

    List<Rule> rules() {
        return rules;
    }

    /** {@return the rules as they are; any thread} */
    List<RuleStatus> statuses() {
        return statuses;
    }

    boolean isEmpty() {
        return rules.isEmpty() && pendingLength == 0;
    }

    /** {@return whether a record can be taken now: false while the operator that it brings is still warmed} */
    boolean isReady(ControlRecord control) {
        byte[] change = completedBy(control);
        return change == null || desk.isReady(change);
    }

    /** Takes a RULE record. {@return whether the rules are others now} */
    boolean take(ControlRecord control) {
        byte[] change = completedBy(control);
        if (change == null) {
            keep(control);
            return false;
        }
        pendingLength = 0;
        String refusal = refusal(change, control.sequence());
        publish();
        desk.applied(change, control.sequence(), refusal);
        return refusal == null;
    }

    /** {@return the change whose last part this is, null if it is not the last, or one before it is missing} */
    private byte @Nullable [] completedBy(ControlRecord control) {
        UnsafeBuffer content = new UnsafeBuffer(control.content());
        int offset = content.getInt(0, ControlRecord.ORDER);
        int total = content.getInt(Integer.BYTES, ControlRecord.ORDER);
        int length = content.capacity() - PART_HEADER_LENGTH;
        if (offset + length != total || (offset > 0 && (offset != pendingLength || total != pending.length))) {
            return null;
        }
        byte[] change = offset == 0 ? new byte[total] : pending.clone();
        content.getBytes(PART_HEADER_LENGTH, change, offset, length);
        return change;
    }

    /** A change whose last parts a crash took is forgotten when the next one begins. */
    private void keep(ControlRecord control) {
        UnsafeBuffer content = new UnsafeBuffer(control.content());
        int offset = content.getInt(0, ControlRecord.ORDER);
        if (offset == 0) {
            pending = new byte[content.getInt(Integer.BYTES, ControlRecord.ORDER)];
            pendingLength = 0;
        }
        int length = content.capacity() - PART_HEADER_LENGTH;
        if (offset == pendingLength && offset + length <= pending.length) {
            content.getBytes(PART_HEADER_LENGTH, pending, offset, length);
            pendingLength += length;
        }
    }

    /** Makes a change. {@return why it is not made, null if it is} */
    private @Nullable String refusal(byte[] encoded, long sequence) {
        RuleChange change = RuleChange.decode(encoded);
        int index = indexOf(change.name());
        String refusal = refusal(change, statuses);
        if (refusal != null) {
            return refusal;
        }
        switch (change.action()) {
            case UNDEPLOY -> rules.remove(index);
            case PAUSE, RESUME -> rules.get(index).isPaused = change.action() == Action.PAUSE;
            default -> {
                return install(change, encoded, index, sequence);
            }
        }
        return null;
    }

    private @Nullable String install(RuleChange change, byte[] encoded, int index, long sequence) {
        CompiledRule compiled = desk.compiled(encoded);
        Rule old = index < 0 ? null : rules.get(index);
        if (compiled == null) {
            compiled = compile(change, sequence);
        }
        String refusal = change.warmFrom() < 0 ? null : desk.warm(change, encoded, compiled, sequence);
        if (refusal == null && old != null && change.isKeepingState()) {
            refusal = move(old, compiled);
        }
        if (refusal == null) {
            Rule rule = new Rule(change.name(), change.text(), sequence, compiled, old != null && old.isPaused);
            if (old == null) {
                rules.add(rule);
            } else {
                rules.set(index, rule);
            }
        }
        return refusal;
    }

    /** Gives the state of one operator to another. {@return why it does not fit, null if it does} */
    private static @Nullable String move(Rule old, CompiledRule compiled) {
        StateImage image = new StateImage();
        image.save(old.stateName(), 0, old.operator());
        try {
            image.load(old.stateName(), 0, compiled.operator());
            return null;
        } catch (RuntimeException e) {
            return "cannot replace rule: name=" + old.name() + ": its state does not fit the new text ("
                    + e.getMessage() + "); replace it without keeping state";
        }
    }

    private CompiledRule compile(RuleChange change, long sequence) {
        try {
            return compile(change.name(), change.text());
        } catch (RuntimeException e) {
            throw new RuleException("cannot replay rule: name=" + change.name() + ", sequence=" + sequence
                    + " of its record: its text is no rule any more (" + e.getMessage()
                    + "); start with the configuration and the program of then");
        }
    }

    /**
     * {@return the operator of a text}
     *
     * @throws RuleException if there is none
     */
    CompiledRule compile(String name, String text) {
        if (settings == null) {
            throw new RuleException("cannot compile rule: name=" + name
                    + ": the pipeline has no compiler (expected: one); set PipelineContext.rules");
        }
        CompiledRule compiled = settings.compiler().compile(name, text);
        if (!compiled.operator().name().equals(name)) {
            throw new RuleException("cannot compile rule: name=" + name + ", name of its operator="
                    + compiled.operator().name() + " (expected: the same); correct the compiler");
        }
        FedOperator fed = OperatorRoster.fedWithin(compiled.operator());
        if (fed != null) {
            throw new RuleException("cannot compile rule: name=" + name + " takes outputs of " + fed.feeders()
                    + " (expected: events of the pipeline only); correct the compiler");
        }
        int outputCount = compiled.operator().maxOutputsPerStep();
        if (outputCount > outputRingCapacity) {
            throw new RuleException("cannot compile rule: name=" + name + ", maxOutputsPerStep=" + outputCount
                    + " (expected: <= outputRingCapacity=" + outputRingCapacity + "); raise outputRingCapacity");
        }
        for (EventType type : compiled.operator().outputTypes()) {
            if (type.encodedLength() > maxOutputPayloadLength) {
                throw new RuleException("cannot compile rule: name=" + name + " puts out " + type + " of "
                        + type.encodedLength() + " bytes (expected: <= maxOutputPayloadLength="
                        + maxOutputPayloadLength + "); raise maxOutputPayloadLength");
            }
        }
        return inOrder(compiled);
    }

    private CompiledRule inOrder(CompiledRule compiled) {
        Operator operator = context.inOrder(compiled.operator());
        return operator instanceof ReorderBuffer buffer && operator != compiled.operator()
                ? new CompiledRule(operator, compiled.length() + ReorderBuffer.bytes(buffer.spec()))
                : compiled;
    }

    private int indexOf(String name) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** {@return why a change does not fit the rules there are, null if it does} */
    static @Nullable String refusal(RuleChange change, List<RuleStatus> present) {
        RuleStatus rule = present.stream()
                .filter(status -> status.name().equals(change.name()))
                .findFirst()
                .orElse(null);
        String what = "cannot " + change.action().name().toLowerCase(Locale.ROOT) + " rule: name=" + change.name();
        if (change.action() == Action.DEPLOY) {
            return rule == null ? null : what + " is deployed (expected: a new name); replace it, or undeploy it first";
        }
        if (rule == null) {
            List<String> names = present.stream().map(RuleStatus::name).toList();
            return what + " (expected: one of " + names + "); see `rule ls`";
        }
        boolean isAsked = change.action() == Action.PAUSE ? rule.isPaused() : !rule.isPaused();
        boolean isSwitch = change.action() == Action.PAUSE || change.action() == Action.RESUME;
        return isSwitch && isAsked
                ? what + " is " + (rule.isPaused() ? "paused" : "running") + " (expected: the other)"
                : null;
    }

    private void publish() {
        statuses = rules.stream().map(Rule::status).toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putInt(pendingLength);
        writer.putInt(pendingLength == 0 ? 0 : pending.length);
        writer.putBytes(new UnsafeBuffer(pending), 0, pendingLength);
        writer.putInt(rules.size());
        for (Rule rule : rules) {
            writer.putLong(rule.sequence());
            writer.putInt(rule.isPaused ? 1 : 0);
            putText(writer, rule.name());
            putText(writer, rule.text());
        }
    }

    private static void putText(StateWriter writer, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writer.putInt(bytes.length);
        writer.putBytes(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** Makes operators of the texts, without their states. */
    @Override
    public void load(StateReader reader) {
        clear();
        pendingLength = reader.getInt();
        int total = reader.getInt();
        StateException.requireRange(NAME, "pendingLength", pendingLength, 0, total);
        pending = new byte[total];
        reader.getBytes(new UnsafeBuffer(pending), 0, pendingLength);
        for (int count = reader.getInt(); count > 0; count--) {
            long sequence = reader.getLong();
            boolean isPaused = reader.getInt() != 0;
            String name = getText(reader);
            String text = getText(reader);
            rules.add(new Rule(name, text, sequence, compile(name, text), isPaused));
        }
        publish();
    }

    private static String getText(StateReader reader) {
        int length = reader.getInt();
        StateException.requireRange(NAME, "length of text", length, 0, RuleChange.TEXT_LENGTH_MAX);
        byte[] bytes = new byte[length];
        reader.getBytes(new UnsafeBuffer(bytes), 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Back to the beginning: no rules. */
    void clear() {
        rules.clear();
        pendingLength = 0;
        pending = Arrays.copyOf(pending, 0);
        publish();
    }
}
