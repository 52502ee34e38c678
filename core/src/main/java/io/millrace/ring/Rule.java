package io.millrace.ring;

import io.millrace.rule.CompiledRule;
import io.millrace.rule.RuleStatus;
import io.millrace.state.Operator;

/** A rule that is deployed; changed by APPLY alone. */
final class Rule {
    private final String name;
    private final String text;
    private final long sequence;
    private final long length;
    private final Operator operator;
    boolean isPaused;

    Rule(String name, String text, long sequence, CompiledRule compiled, boolean isPaused) {
        this.name = name;
        this.text = text;
        this.sequence = sequence;
        this.length = compiled.length();
        this.operator = compiled.operator();
        this.isPaused = isPaused;
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    long sequence() {
        return sequence;
    }

    Operator operator() {
        return operator;
    }

    /** {@return the name of its section in a snapshot} */
    String stateName() {
        return "rule/" + name;
    }

    long configHash() {
        return OperatorConfig.hash(text);
    }

    RuleStatus status() {
        return new RuleStatus(name, text, isPaused, sequence, length);
    }
}
