package io.millrace.ops;

import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RuleReader;
import io.millrace.ops.config.RunConfig;
import io.millrace.rule.CompiledRule;
import io.millrace.rule.RuleCompiler;
import io.millrace.rule.RuleException;
import io.millrace.rule.RuleSettings;
import io.millrace.state.Operator;
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
        Operator operator = OperatorBuild.one(config, rule.items(), rule.name());
        return new CompiledRule(operator, operator.bytes());
    }
}
