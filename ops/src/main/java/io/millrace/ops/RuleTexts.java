package io.millrace.ops;

import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RuleReader;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.rule.CompiledRule;
import io.millrace.rule.RuleCompiler;
import io.millrace.rule.RuleException;
import io.millrace.rule.RuleSettings;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import org.jspecify.annotations.Nullable;

/** Makes operators of the texts of rules, as of the same items in a configuration. */
final class RuleTexts implements RuleCompiler {
    /** A change of rules comes in parts of a payload. */
    private static final int PAYLOAD_LENGTH_MIN = 64;

    private final RunConfig config;

    private RuleTexts(RunConfig config) {
        this.config = config;
    }

    /** {@return what rules a pipeline takes, null if the configuration wants none or its payloads are too short} */
    static @Nullable RuleSettings settings(RunConfig config) {
        int maxCount = config.rules().maxCount();
        if (maxCount == 0 || config.pipeline().maxPayloadLength() < PAYLOAD_LENGTH_MIN) {
            return null;
        }
        long heapLeft = Memory.of(config).left(Runtime.getRuntime().maxMemory());
        return new RuleSettings(
                new RuleTexts(config),
                maxCount,
                Math.max(1, Math.min(config.rules().maxLength(), heapLeft)));
    }

    @Override
    public CompiledRule compile(String name, String text) {
        RuleReader rule = read(name, text);
        if (!rule.name().equals(name)) {
            throw new RuleException("cannot compile rule: name=" + name + ", name in its text=" + rule.name()
                    + " (expected: the same); correct the text");
        }
        try {
            return compile(rule);
        } catch (IllegalArgumentException e) {
            throw new RuleException("cannot compile rule: name=" + name + ": " + e.getMessage());
        }
    }

    private RuleReader read(String name, String text) {
        try {
            return RuleReader.read("rule " + name, text, config);
        } catch (ConfigException e) {
            throw new RuleException(String.valueOf(e.getMessage()));
        }
    }

    private CompiledRule compile(RuleReader rule) {
        if (!rule.windows().isEmpty()) {
            WindowSpec window = Operators.window(rule.windows().get(0));
            return new CompiledRule(new WindowOperator(window), WindowOperator.bytes(window));
        }
        if (!rule.sequences().isEmpty()) {
            SequenceSection sequence = rule.sequences().get(0);
            CompiledRule compiled = new CompiledRule(
                    new PatternOperator(sequence.pattern()), PatternOperator.bytes(sequence.pattern()));
            return sequence.isLateSideOutput() ? behindBuffer(compiled, Operators.reorder(config, true)) : compiled;
        }
        PatternSection section = rule.patterns().get(0);
        EventPattern pattern = Operators.pattern(section);
        CompiledRule threshold = new CompiledRule(new ThresholdOperator(pattern), ThresholdOperator.bytes(pattern));
        return config.eventTime().mayLackOrder() || section.isLateSideOutput()
                ? behindBuffer(threshold, Operators.reorder(config, section))
                : threshold;
    }

    private static CompiledRule behindBuffer(CompiledRule rule, ReorderSpec spec) {
        return new CompiledRule(new ReorderBuffer(rule.operator(), spec), rule.length() + ReorderBuffer.bytes(spec));
    }
}
